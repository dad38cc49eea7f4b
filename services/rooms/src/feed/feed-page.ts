import { timestampDate, type common } from '@conclave/contracts';
import type { FeedPage } from '@conclave/persistence';

/** Another service's page of events, as the consumer takes it. */
export function feedPage(response: { readonly events: readonly common.FeedEvent[]; readonly next: string }): FeedPage {
  return {
    next: response.next,
    events: response.events.map(({ id, type, payload, occurredAt }) => ({
      id,
      type,
      payload: JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>,
      occurredAt: occurredAt ? timestampDate(occurredAt) : new Date(0),
    })),
  };
}

/** The strings of a list in a payload. */
export const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

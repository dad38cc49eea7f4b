import { mendedSegment } from './address/mended-address';
import type { AccessLevel, RoomRole } from './api/api';

/** How an access level is offered and how it is stated, the same everywhere. */
export interface AccessWords {
  readonly label: string;
  readonly hint: string;
  /** For the promise button in the meeting. */
  readonly promise: string;
  /** Whether entering is proven by more than being signed in: earns the green. */
  readonly sealed: boolean;
}

export const ACCESS_WORDS: Record<AccessLevel, AccessWords> = {
  invited: {
    label: $localize`:@@access.invited.label:Invited only`,
    hint: $localize`:@@access.invited.hint:Each person needs an invitation of their own.`,
    promise: $localize`:@@access.invited.promise:Sealed, invited only`,
    sealed: true,
  },
  code: {
    label: $localize`:@@access.code.label:Access code`,
    hint: $localize`:@@access.code.hint:Anyone who is signed in and knows the code.`,
    promise: $localize`:@@access.code.promise:Sealed, access code`,
    sealed: true,
  },
  invited_and_code: {
    label: $localize`:@@access.invitedAndCode.label:Invited, with code`,
    hint: $localize`:@@access.invitedAndCode.hint:An invitation and the access code, both.`,
    promise: $localize`:@@access.invitedAndCode.promise:Sealed, invited with code`,
    sealed: true,
  },
  organisation: {
    label: $localize`:@@access.organisation.label:Organisation`,
    hint: $localize`:@@access.organisation.hint:Everyone who has the link and an account at ${location.host}:PLACE:. Whoever signs up there has one.`,
    promise: $localize`:@@access.organisation.promise:Sealed, organisation`,
    sealed: false,
  },
};

/** In the order they are offered. */
export const ACCESS_LEVELS: readonly AccessLevel[] = ['invited', 'code', 'invited_and_code', 'organisation'];

export const ROLE_WORDS: Record<RoomRole, string> = {
  owner: $localize`:@@role.owner:Host`,
  moderator: $localize`:@@role.moderator:Co-host`,
  participant: $localize`:@@role.participant:Participant`,
};

/** The slug in a pasted room link, or in what was typed by hand; null when it cannot be one. */
export function slugFrom(input: string): string | null {
  const text = input.trim();
  const path = /(?:^|\/)r\/+([^/?#\s]+)/i.exec(text)?.[1] ?? text;
  const slug = mendedSegment(path);
  return /^[a-z0-9-]{8,64}$/.test(slug) ? slug : null;
}

/** The link of a room: a slug and nothing else, so it opens no door by itself. */
export const roomLink = (slug: string): string => `${location.origin}/r/${slug}`;

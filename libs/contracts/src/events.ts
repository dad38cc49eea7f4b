import {
  create,
  fromJson,
  getOption,
  hasOption,
  toJson,
  type DescMessage,
  type JsonObject,
  type JsonValue,
} from '@bufbuild/protobuf';
import { Audience, audience } from './common.js';

/** One kind of an event: a field of the `oneof event` of its message. */
export interface EventKind {
  /** As logs and browsers call it: `message.created`. */
  readonly type: string;
  /** As TypeScript calls it: `messageCreated`. */
  readonly case: string;
  readonly schema: DescMessage;
  /** Who hears of it. */
  readonly audience: Audience;
}

/** An event as a generated message holds it. */
type Held =
  { readonly case: string; readonly value: object } | { readonly case: undefined; readonly value?: undefined };

/** The facts of one kind as a writer gives them: `{ case: 'roomDeleted', value: { roomId } }`. */
export type EventInit<M extends { event: Held }> = {
  [C in NonNullable<M['event']['case']>]: {
    readonly case: C;
    readonly value: Omit<Extract<M['event'], { case: C }>['value'], '$typeName' | '$unknown'>;
  };
}[NonNullable<M['event']['case']>];

const known = new WeakMap<DescMessage, readonly EventKind[]>();

/** `file_available` is `file.available`: the first underscore is the dot. */
const typeOf = (field: string): string => field.replace('_', '.');

/** Every kind of event that a message can hold, from its descriptor. */
export function eventKinds(message: DescMessage): readonly EventKind[] {
  let kinds = known.get(message);
  if (!kinds) {
    const oneof = message.oneofs.find(({ name }) => name === 'event');
    kinds = (oneof?.fields ?? []).map((field) => {
      if (field.fieldKind !== 'message') throw new Error(`${String(field)} must be a message`);
      const declared = hasOption(field, audience) ? getOption(field, audience) : Audience.UNSPECIFIED;
      return { type: typeOf(field.name), case: field.localName, schema: field.message, audience: declared };
    });
    known.set(message, kinds);
  }
  return kinds;
}

/** The kind of an event; undefined for one that this release does not know. */
export const kindOf = (message: DescMessage, event: Held): EventKind | undefined =>
  eventKinds(message).find((kind) => kind.case === event.case);

/** What a column holds of an event, and a browser hears of it: its type and its facts. */
export function eventToJson(message: DescMessage, event: Held): { type: string; facts: JsonObject } | undefined {
  const kind = kindOf(message, event);
  if (!kind || event.case === undefined) return undefined;
  // The value may come from a writer, as plain facts.
  const value = create(kind.schema, event.value as never);
  return { type: kind.type, facts: toJson(kind.schema, value, { alwaysEmitImplicit: true }) as JsonObject };
}

/**
 * An event from its column. Facts that this release does not know are left out, and so is a kind that it does not know.
 *
 * @throws where facts of a known kind do not fit their shape
 */
export function eventFromJson<M extends { event: Held }>(
  message: DescMessage,
  type: string,
  facts: unknown,
): M['event'] {
  const kind = eventKinds(message).find((one) => one.type === type);
  if (!kind) return { case: undefined };
  return { case: kind.case, value: fromJson(kind.schema, facts as JsonValue, { ignoreUnknownFields: true }) };
}

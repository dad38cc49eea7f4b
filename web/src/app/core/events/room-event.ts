/** What a room tells. Payloads carry ids only: text and file names never leave through a log. */
export interface RoomEvents {
  'message.created': { readonly messageId: string; readonly authorId: string };
  'file.available': { readonly fileId: string; readonly ownerId: string };
  'file.deleted': { readonly fileId: string };
  'participant.joined': { readonly joinId: string; readonly userId: string; readonly displayName: string };
  'participant.left': { readonly joinId: string; readonly userId: string; readonly reason: string };
  'participant.removed': { readonly joinId: string; readonly userId: string };
  'meeting.started': object;
  'meeting.ended': object;
  'room.updated': object;
  'room.deleted': object;
}

export type RoomEventType = keyof RoomEvents;

/** One event with its number in the room. */
export type RoomEvent = {
  [T in RoomEventType]: { readonly seq: number; readonly type: T; readonly at: string; readonly data: RoomEvents[T] };
}[RoomEventType];

const FIELDS: { readonly [T in RoomEventType]: readonly (keyof RoomEvents[T])[] } = {
  'message.created': ['messageId', 'authorId'],
  'file.available': ['fileId', 'ownerId'],
  'file.deleted': ['fileId'],
  'participant.joined': ['joinId', 'userId'],
  'participant.left': ['joinId'],
  'participant.removed': ['joinId'],
  'meeting.started': [],
  'meeting.ended': [],
  'room.updated': [],
  'room.deleted': [],
};

/** What a frame turned out to be. `numbered` is an event of a kind this version does not know: its number still counts. */
export type Frame =
  | { readonly kind: 'event'; readonly event: RoomEvent }
  | { readonly kind: 'numbered'; readonly seq: number }
  | { readonly kind: 'pong' }
  | { readonly kind: 'unknown' };

/** Reads a frame from the wire. Nothing from outside is believed before its shape is known. */
export function parseFrame(text: string): Frame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unknown' };
  }
  if (typeof value !== 'object' || value === null) return { kind: 'unknown' };
  const { seq, type, at, data } = value as Record<string, unknown>;
  if (type === 'pong') return { kind: 'pong' };
  const number = Number(seq);
  if (seq === undefined || !Number.isSafeInteger(number) || number < 0 || typeof type !== 'string')
    return { kind: 'unknown' };
  if (!Object.hasOwn(FIELDS, type)) return { kind: 'numbered', seq: number };
  const facts = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
  const complete = FIELDS[type as RoomEventType].every((field) => typeof facts[field] === 'string');
  if (!complete) return { kind: 'numbered', seq: number };
  return { kind: 'event', event: { seq: number, type, at: String(at ?? ''), data: facts } as RoomEvent };
}

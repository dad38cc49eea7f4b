import type { StayEnd } from '../api/api';
import { isStayEnd } from './stay-end';
import { roomEventFacts, type RoomEvents } from './gen/room-events';

export type { RoomEvents } from './gen/room-events';
export type RoomEventType = keyof RoomEvents;

/** One event with its number in the room. */
export type RoomEvent = {
  [T in RoomEventType]: { readonly seq: number; readonly type: T; readonly at: string; readonly data: RoomEvents[T] };
}[RoomEventType];

/**
 * Where an event stands: its number, and the number behind which nothing before it is missing. That is the one before,
 * unless the server says that what lies between is for others.
 */
interface Place {
  readonly seq: number;
  readonly after: number;
}

/** What a frame turned out to be. `numbered` is an event of a kind this version does not know: its number still counts. */
export type Frame =
  | ({ readonly kind: 'event'; readonly event: RoomEvent } & Place)
  | ({ readonly kind: 'numbered' } & Place)
  /** The last frame of a stay: how it ended. */
  | { readonly kind: 'stay-ended'; readonly reason: StayEnd }
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
  const { seq: written, after: from, type, at, data } = value as Record<string, unknown>;
  if (type === 'pong') return { kind: 'pong' };
  if (type === 'stay.ended') return stayEnded(data);
  const seq = numberOf(written);
  if (seq === null || typeof type !== 'string') return { kind: 'unknown' };
  const after = numberOf(from) ?? seq - 1;
  if (!Object.hasOwn(roomEventFacts, type)) return { kind: 'numbered', seq, after };
  const facts = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
  const complete = Object.entries(roomEventFacts[type as RoomEventType]).every(
    ([name, is]) => typeof facts[name] === is,
  );
  if (!complete) return { kind: 'numbered', seq, after };
  return { kind: 'event', seq, after, event: { seq, type, at: String(at ?? ''), data: facts } as RoomEvent };
}

function stayEnded(data: unknown): Frame {
  const reason = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)['reason'] : undefined;
  return isStayEnd(reason) ? { kind: 'stay-ended', reason } : { kind: 'unknown' };
}

function numberOf(value: unknown): number | null {
  const number = Number(value);
  return value !== undefined && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { JsonObject } from '@bufbuild/protobuf';
import { Audience } from './common.js';
import { eventKinds, eventToJson, kindOf } from './events.js';
import { roleHas, type RoomRole } from './permissions.js';
import { RoomEventSchema, type RoomEvent } from './rooms.js';

/** An event as the API and browsers get it. */
export interface RoomEventJson {
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly data: JsonObject;
}

/** The one form of an event outside; undefined for a kind that this release does not know. */
export function roomEventJson({ seq, at, event }: Pick<RoomEvent, 'seq' | 'at' | 'event'>): RoomEventJson | undefined {
  const json = eventToJson(RoomEventSchema, event);
  if (!json || !at) return undefined;
  return { seq: Number(seq), type: json.type, at: timestampDate(at).toISOString(), data: json.facts };
}

/** Somebody who listens to a room. */
export interface Hearer {
  readonly userId: string;
  /** The audiences that they belong to now. */
  readonly audiences: readonly Audience[];
}

/** Whether an event is for somebody: the kind says for whom, and what says nothing is for nobody. */
export function isFor(
  { event, personId }: Pick<RoomEvent, 'event' | 'personId'>,
  { userId, audiences }: Hearer,
): boolean {
  const kind = kindOf(RoomEventSchema, event);
  if (!kind || kind.audience === Audience.UNSPECIFIED || !audiences.includes(kind.audience)) return false;
  return kind.audience !== Audience.PERSON || personId === userId;
}

/** The audiences of somebody inside. */
export const audiencesInside = (role: RoomRole): readonly Audience[] =>
  roleHas(role, 'meeting.moderate')
    ? [Audience.INSIDE, Audience.PERSON, Audience.HOSTS]
    : [Audience.INSIDE, Audience.PERSON];

/** The types that some audiences hear. */
export const typesFor = (audiences: readonly Audience[]): readonly string[] =>
  eventKinds(RoomEventSchema)
    .filter((kind) => kind.audience !== Audience.UNSPECIFIED && audiences.includes(kind.audience))
    .map(({ type }) => type);

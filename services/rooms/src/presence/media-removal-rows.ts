import { rows } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AdmissionEnd } from '../admission/admission.js';

/** In `joinId`: the whole media room is closed. */
export const everybody = '';

/** Somebody, or everybody, whom the media server must let go of. */
export interface MediaRemoval {
  readonly roomId: string;
  readonly mediaRoomId: string;
  /** `everybody` for the media room itself. */
  readonly joinId: string;
  /** Null for a service, and for whoever never had an admission. */
  readonly userId: string | null;
  /** How the stay ended; null where there was none. */
  readonly reason: AdmissionEnd | null;
}

/** Somebody at the media server whose admission does not hold. */
export const intruder = (
  roomId: string,
  { mediaRoomId, joinId }: Pick<MediaRemoval, 'mediaRoomId' | 'joinId'>,
): MediaRemoval => ({ roomId, mediaRoomId, joinId, userId: null, reason: null });

/** One that was taken on: the how many-th attempt this is. */
export interface ClaimedRemoval extends MediaRemoval {
  readonly attempts: number;
}

/** What stands. */
export interface StandingRemovals {
  readonly count: number;
  readonly oldestAt: Date | null;
}

/** In the transaction of the revocation. One that stands already is due anew: whoever is at it may have been too early. */
export async function addRemovals(em: EntityManager, removals: readonly MediaRemoval[], now: Date): Promise<void> {
  for (const { mediaRoomId, joinId, roomId, userId, reason } of removals)
    await em.execute(
      `insert into media_removal (media_room_id, join_id, room_id, user_id, reason, due_at, created_at, updated_at)
         values (?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (media_room_id, join_id)
         do update set attempts = 0, due_at = excluded.due_at, updated_at = excluded.updated_at`,
      [mediaRoomId, joinId, roomId, userId, reason, now, now, now],
    );
}

/** Takes on what is due, so that another replica leaves it alone until `until`. */
export const claimRemovals = (
  em: EntityManager,
  facts: { closing: boolean; most: number; now: Date; until: Date },
): Promise<ClaimedRemoval[]> =>
  rows<ClaimedRemoval>(
    em,
    `update media_removal m set attempts = m.attempts + 1, due_at = ?, updated_at = ?
       from (select media_room_id, join_id from media_removal
              where due_at <= ? and (join_id = '') = ? order by due_at limit ? for update skip locked) due
      where m.media_room_id = due.media_room_id and m.join_id = due.join_id
      returning m.media_room_id as "mediaRoomId", m.join_id as "joinId", m.room_id as "roomId", m.user_id as "userId",
                m.reason, m.attempts`,
    [facts.until, facts.now, facts.now, facts.closing, facts.most],
  );

/** The media server has confirmed this attempt. */
export const dropRemoval = (em: EntityManager, { mediaRoomId, joinId, attempts }: ClaimedRemoval): Promise<unknown> =>
  em.execute('delete from media_removal where media_room_id = ? and join_id = ? and attempts = ?', [
    mediaRoomId,
    joinId,
    attempts,
  ]);

/** It did not: once more then. */
export const postponeRemoval = (
  em: EntityManager,
  { mediaRoomId, joinId, attempts }: ClaimedRemoval,
  dueAt: Date,
): Promise<unknown> =>
  em.execute('update media_removal set due_at = ? where media_room_id = ? and join_id = ? and attempts = ?', [
    dueAt,
    mediaRoomId,
    joinId,
    attempts,
  ]);

/** How much stands, and since when. */
export async function standingRemovals(em: EntityManager): Promise<StandingRemovals> {
  const [row] = await rows<StandingRemovals>(
    em,
    'select count(*)::int as count, min(created_at) as "oldestAt" from media_removal',
  );
  return row ?? { count: 0, oldestAt: null };
}

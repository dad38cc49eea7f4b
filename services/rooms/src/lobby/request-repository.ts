import { rows } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { EntryRequest, hereMs } from './entry-request.js';

/** The last request of a person in a room; null where they never asked. */
export const lastRequest = (em: EntityManager, roomId: string, userId: string): Promise<EntryRequest | null> =>
  em.findOne(EntryRequest, { roomId, userId }, { orderBy: { id: 'desc' }, refresh: true });

/** Somebody who waits. */
export interface Waiting {
  readonly id: string;
  readonly userId: string;
  readonly displayName: string;
  readonly verified: boolean;
  readonly askedAt: Date;
}

/** Who waits now and is still there, the longest first. */
export const whoWaits = (em: EntityManager, roomId: string, now: Date): Promise<Waiting[]> =>
  rows<Waiting>(
    em,
    `select id, user_id as "userId", display_name as "displayName", verified, created_at as "askedAt" from entry_request
      where room_id = ? and state = 'waiting' and expires_at > ? and seen_at > ? order by id`,
    [roomId, now, new Date(now.getTime() - hereMs)],
  );

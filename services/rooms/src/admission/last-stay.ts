import { stayEndToWire, timestampFromDate, type MessageInitShape, type rooms } from '@conclave/contracts';
import { rows } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AdmissionEnd } from './admission.js';

/** A stay in a meeting that is over. */
export interface LastStay {
  readonly joinId: string;
  readonly reason: AdmissionEnd;
  readonly endedAt: Date;
}

/** How somebody's last stay in a room ended, or the one of an admission; null where there was none, or it goes on. */
export async function lastStay(
  em: EntityManager,
  roomId: string,
  userId: string,
  joinId?: string,
): Promise<LastStay | null> {
  const [stay] = await rows<LastStay>(
    em,
    `select join_id as "joinId", revoked_reason as reason, revoked_at as "endedAt" from admission
      where room_id = ? and user_id = ? and revoked_at is not null and (?::text is null or join_id = ?)
      order by revoked_at desc limit 1`,
    [roomId, userId, joinId ?? null, joinId ?? null],
  );
  return stay ?? null;
}

/** As it travels. */
export const lastStayMessage = ({
  joinId,
  reason,
  endedAt,
}: LastStay): MessageInitShape<typeof rooms.LastStaySchema> => ({
  joinId,
  reason: stayEndToWire(reason),
  endedAt: timestampFromDate(endedAt),
});

/** Whether somebody is connected to the meeting, apart from one admission. */
export async function isInside(em: EntityManager, roomId: string, userId: string, but?: string): Promise<boolean> {
  const found = await em.execute<unknown[]>(
    `select 1 from admission a
      where a.room_id = ? and a.user_id = ? and a.revoked_at is null and a.join_id <> ?
        and exists (select 1 from participation p where p.join_id = a.join_id and p.left_at is null) limit 1`,
    [roomId, userId, but ?? ''],
  );
  return found.length > 0;
}

import { Clock, Ids } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { Admission } from '../entry/admission.js';
import { RoomEventLog } from '../room-events/room-event-log.js';

/** A connection that the media server told of. */
export interface Connection {
  readonly roomId: string;
  readonly joinId: string;
  /** The media server's id of this connection; a reconnecting person gets a new one under the same admission. */
  readonly sid: string;
}

/** What a report changed. */
export type Noted = 'noted' | 'known' | 'intruder';

/** Keeps meetings and participations true to what the media server tells. Never the base of a decision about access. */
@Injectable()
export class MeetingLog {
  constructor(
    @Inject(RoomEventLog) private readonly log: RoomEventLog,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Ids) private readonly ids: Ids,
  ) {}

  /** Somebody is connected. An intruder is one whose admission does not hold: the caller disconnects them again. */
  async joined(em: EntityManager, { roomId, joinId, sid }: Connection): Promise<Noted> {
    const admission = await em.findOne(Admission, { joinId, roomId }, { refresh: true });
    if (!admission || admission.revokedAt) return 'intruder';
    const now = this.clock.now();
    await em.execute('update admission set last_active_at = ?, last_seen_at = ? where join_id = ?', [now, now, joinId]);
    const already = await em.execute<unknown[]>(
      'select 1 from participation where join_id = ? and left_at is null limit 1',
      [joinId],
    );
    const inserted = await em.execute<unknown[]>(
      `insert into participation (id, meeting_id, room_id, join_id, sid, user_id, joined_at, created_at, updated_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (join_id, sid) do nothing returning id`,
      [this.ids.uuidv7(), admission.meetingId, roomId, joinId, sid, admission.userId, now, now, now],
    );
    if (inserted.length === 0) return 'known';
    const started = await em.execute<unknown[]>(
      'update meeting set started_at = ?, updated_at = ? where id = ? and started_at is null and ended_at is null returning id',
      [now, now, admission.meetingId],
    );
    if (started.length > 0) await this.log.append(em, roomId, 'meeting.started', {});
    const { userId, displayName } = admission;
    if (already.length === 0) await this.log.append(em, roomId, 'participant.joined', { joinId, userId, displayName });
    return 'noted';
  }

  /** A connection ended. A clean leave ends the reconnect grace with it. */
  async left(em: EntityManager, { roomId, joinId, sid }: Connection, reason: string, clean: boolean): Promise<Noted> {
    const now = this.clock.now();
    const closed = await em.execute<{ user_id: string }[]>(
      `update participation set left_at = ?, left_reason = ?, updated_at = ?
        where room_id = ? and join_id = ? and sid = ? and left_at is null returning user_id`,
      [now, reason, now, roomId, joinId, sid],
    );
    const [participation] = closed;
    if (!participation) return 'known';
    const others = await em.execute<unknown[]>(
      'select 1 from participation where join_id = ? and left_at is null limit 1',
      [joinId],
    );
    if (others.length > 0) return 'noted';
    await em.execute(
      `update admission set last_seen_at = ?${clean ? ', last_active_at = null' : ''} where join_id = ?`,
      [now, joinId],
    );
    await this.log.append(em, roomId, 'participant.left', { joinId, userId: participation.user_id, reason });
    return 'noted';
  }

  /** The occurrence is over; what never started ends without a word. */
  async end(em: EntityManager, roomId: string): Promise<void> {
    const now = this.clock.now();
    const ended = await em.execute<{ started: boolean }[]>(
      `update meeting set ended_at = ?, updated_at = ? where room_id = ? and ended_at is null
         returning started_at is not null as started`,
      [now, now, roomId],
    );
    if (ended.some(({ started }) => started)) await this.log.append(em, roomId, 'meeting.ended', {});
  }
}

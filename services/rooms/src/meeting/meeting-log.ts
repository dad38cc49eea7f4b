import { Clock, Ids } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Admission } from '../admission/admission.js';
import { RoomEventLog } from '../room-log/room-event-log.js';

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
    private readonly log: RoomEventLog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Somebody is connected. An intruder is one whose admission does not hold: the caller disconnects them again. Webhooks may
   * come late, so for a connection that ended already only the media server itself (`certain`) can say that it is there.
   */
  async joined(em: EntityManager, connection: Connection, certain = false): Promise<Noted> {
    const { roomId, joinId } = connection;
    const admission = await em.findOne(Admission, { joinId, roomId }, { refresh: true });
    if (!admission || admission.revokedAt) return 'intruder';
    const now = this.clock.now();
    const already = await this.openConnections(em, joinId);
    const opened = await this.open(em, connection, admission, now, certain);
    if (opened || certain)
      await em.execute('update admission set last_active_at = ?, last_seen_at = ? where join_id = ?', [
        now,
        now,
        joinId,
      ]);
    if (!opened) return 'known';
    const started = await em.execute<unknown[]>(
      'update meeting set started_at = ?, updated_at = ? where id = ? and started_at is null and ended_at is null returning id',
      [now, now, admission.meetingId],
    );
    if (started.length > 0) await this.log.append(em, roomId, { case: 'meetingStarted', value: {} });
    const { userId, displayName } = admission;
    if (already === 0)
      await this.log.append(em, roomId, {
        case: 'participantJoined',
        value: { joinId, userId: userId ?? '', displayName },
      });
    return 'noted';
  }

  /** A connection ended. A clean leave ends the reconnect grace with it. */
  async left(em: EntityManager, { roomId, joinId, sid }: Connection, reason: string, clean: boolean): Promise<Noted> {
    const now = this.clock.now();
    const closed = await em.execute<{ user_id: string | null }[]>(
      `update participation set left_at = ?, left_reason = ?, updated_at = ?
        where room_id = ? and join_id = ? and sid = ? and left_at is null returning user_id`,
      [now, reason, now, roomId, joinId, sid],
    );
    const [participation] = closed;
    if (!participation) {
      await this.rememberEnded(em, { roomId, joinId, sid }, reason, now);
      return 'known';
    }
    if ((await this.openConnections(em, joinId)) > 0) return 'noted';
    await em.execute(
      `update admission set last_seen_at = ?${clean ? ', last_active_at = null' : ''} where join_id = ?`,
      [now, joinId],
    );
    await this.log.append(em, roomId, {
      case: 'participantLeft',
      value: { joinId, userId: participation.user_id ?? '', reason },
    });
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
    if (ended.some(({ started }) => started)) await this.log.append(em, roomId, { case: 'meetingEnded', value: {} });
  }

  private async openConnections(em: EntityManager, joinId: string): Promise<number> {
    const [row] = await em.execute<{ open: number }[]>(
      'select count(*)::int as open from participation where join_id = ? and left_at is null',
      [joinId],
    );
    return row?.open ?? 0;
  }

  private async open(
    em: EntityManager,
    { roomId, joinId, sid }: Connection,
    { meetingId, userId }: Admission,
    now: Date,
    certain: boolean,
  ): Promise<boolean> {
    const inserted = await em.execute<unknown[]>(
      `insert into participation (id, meeting_id, room_id, join_id, sid, user_id, joined_at, created_at, updated_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (join_id, sid) do nothing returning id`,
      [this.ids.uuidv7(), meetingId, roomId, joinId, sid, userId, now, now, now],
    );
    if (inserted.length > 0 || !certain) return inserted.length > 0;
    const reopened = await em.execute<unknown[]>(
      `update participation set left_at = null, left_reason = null, updated_at = ?
        where join_id = ? and sid = ? and left_at is not null returning id`,
      [now, joinId, sid],
    );
    return reopened.length > 0;
  }

  /** The end may be told before the beginning; then the beginning must not open what is over. */
  private async rememberEnded(
    em: EntityManager,
    { roomId, joinId, sid }: Connection,
    reason: string,
    now: Date,
  ): Promise<void> {
    await em.execute(
      `insert into participation (id, meeting_id, room_id, join_id, sid, user_id, joined_at, left_at, left_reason, created_at, updated_at)
         select ?::uuid, meeting_id, room_id, join_id, ?, user_id, ?::timestamptz, ?::timestamptz, ?, ?::timestamptz, ?::timestamptz
           from admission where join_id = ? and room_id = ?
         on conflict (join_id, sid) do nothing`,
      [this.ids.uuidv7(), sid, now, now, reason, now, now, joinId, roomId],
    );
  }
}

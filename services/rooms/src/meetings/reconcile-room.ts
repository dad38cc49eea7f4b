import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { PresenceRevoker, type EndedAdmission } from '../presence/presence-revoker.js';
import { lockRoomById } from '../room/room-repository.js';
import { MediaServer, type MediaParticipant } from '../media/media-server.js';
import { MeetingLog } from '../meeting/meeting-log.js';
import { Sight } from './sight.js';

// Somebody may have joined or left between the question to the media server and the look at the rows.
const settlingMs = 5_000;
// An admission that nobody uses any longer ends, and with it every media token behind it.
const unusedMs = 120_000;
// After the media room is gone: long enough for somebody who was admitted just now to connect.
const onTheWayMs = 30_000;

// Answers of a media server that has just come back: they may name nobody though everybody is still there.
const doubtfulMs = 15_000;

interface Look {
  readonly roomId: string;
  readonly askedAt: Date;
  /** Null where the media server has no such room. */
  readonly participants: readonly MediaParticipant[] | null;
  /** For how long the media server has answered, in milliseconds. */
  readonly sightMs: number;
}

interface Found {
  readonly corrections: number;
  readonly intruders: readonly string[];
  readonly ended: readonly EndedAdmission[];
}

/** Makes what we say about one room's meeting true again. Nobody gets in by it; people may only be found to be gone. */
@Injectable()
export class ReconcileRoom {
  private readonly sight = new Sight(unusedMs);

  constructor(
    private readonly transaction: Transaction,
    private readonly media: MediaServer,
    private readonly meetings: MeetingLog,
    private readonly revoker: PresenceRevoker,
    private readonly clock: Clock,
  ) {}

  /** How many corrections were needed. */
  async execute(roomId: string): Promise<number> {
    const look = await this.look(roomId);
    const { corrections, intruders, ended } = await this.transaction.run(async (em) => {
      const room = await lockRoomById(em, roomId);
      if (!room) return { corrections: 0, intruders: (look.participants ?? []).map(({ joinId }) => joinId), ended: [] };
      return this.compare(em, look);
    });
    await this.revoker.disconnect(ended);
    for (const joinId of intruders) await this.media.removeParticipant(roomId, joinId);
    return corrections + intruders.length;
  }

  private async look(roomId: string): Promise<Look> {
    const askedAt = this.clock.now();
    try {
      const participants = await this.media.listParticipants(roomId);
      return { roomId, askedAt, participants, sightMs: this.sight.regain(roomId, askedAt) };
    } catch (error) {
      this.sight.lose(roomId);
      throw error;
    }
  }

  private async compare(em: EntityManager, { roomId, askedAt, participants, sightMs }: Look): Promise<Found> {
    let corrections = 0;
    const intruders: string[] = [];
    const connected = participants ?? [];
    for (const { joinId, sid, active } of connected) {
      if (!active) continue;
      const noted = await this.meetings.joined(em, { roomId, joinId, sid }, true);
      if (noted === 'intruder') intruders.push(joinId);
      if (noted === 'noted') corrections++;
    }
    if (sightMs < doubtfulMs) return { corrections, intruders, ended: [] };
    corrections += await this.closeGone(em, roomId, connected, askedAt);
    const ended = await this.endUnused(em, roomId, connected, askedAt, {
      unused: sightMs >= unusedMs,
      mediaRoomGone: participants === null,
    });
    const [live] = await em.execute<unknown[]>(
      'select 1 from admission where room_id = ? and revoked_at is null limit 1',
      [roomId],
    );
    if (connected.length === 0 && !live) await this.meetings.end(em, roomId);
    return { corrections, intruders, ended };
  }

  private async closeGone(
    em: EntityManager,
    roomId: string,
    connected: readonly MediaParticipant[],
    askedAt: Date,
  ): Promise<number> {
    const open = await em.execute<{ join_id: string; sid: string }[]>(
      'select join_id, sid from participation where room_id = ? and left_at is null and joined_at < ?',
      [roomId, new Date(askedAt.getTime() - settlingMs)],
    );
    const there = new Set(connected.map(({ sid }) => sid));
    const gone = open.filter(({ sid }) => !there.has(sid));
    for (const { join_id: joinId, sid } of gone)
      await this.meetings.left(em, { roomId, joinId, sid }, 'connection_lost', true);
    return gone.length;
  }

  private async endUnused(
    em: EntityManager,
    roomId: string,
    connected: readonly MediaParticipant[],
    askedAt: Date,
    judge: { readonly unused: boolean; readonly mediaRoomGone: boolean },
  ): Promise<EndedAdmission[]> {
    const there = new Set(connected.map(({ joinId }) => joinId));
    const unused = await em.execute<{ join_id: string }[]>(
      `select a.join_id from admission a
        where a.room_id = ? and a.revoked_at is null and ((? and a.last_seen_at < ?) or (? and a.created_at < ?))`,
      [
        roomId,
        judge.unused,
        new Date(askedAt.getTime() - unusedMs),
        judge.mediaRoomGone,
        new Date(askedAt.getTime() - onTheWayMs),
      ],
    );
    const ended: EndedAdmission[] = [];
    for (const { join_id: joinId } of unused)
      if (!there.has(joinId)) ended.push(...(await this.revoker.revoke(em, { joinId }, 'not_connected')));
    return ended;
  }
}

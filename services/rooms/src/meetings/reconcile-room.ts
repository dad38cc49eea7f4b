import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { intruder } from '../presence/media-removal-rows.js';
import { MediaRemovals } from '../presence/media-removals.js';
import { PresenceRevoker } from '../presence/presence-revoker.js';
import { RoleChange, type ChangedAdmission } from '../presence/role-change.js';
import { lockRoomById } from '../room/room-repository.js';
import { mediaRoomIdsOf } from '../media-room/media-room.js';
import { MediaServer, type MediaParticipant } from '../media/media-server.js';
import { Admission } from '../admission/admission.js';
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

/** Somebody at the media server, and in which of the room's media rooms. */
interface Seen extends MediaParticipant {
  readonly mediaRoomId: string;
}

interface Look {
  readonly roomId: string;
  readonly askedAt: Date;
  /** Everybody in any of the room's media rooms; null where the media server has none of them. */
  readonly participants: readonly Seen[] | null;
  /** For how long the media server has answered, in milliseconds. */
  readonly sightMs: number;
}

interface Found {
  readonly corrections: number;
  readonly intruders: readonly Seen[];
  /** Participants at the media server with the rights of a role that they no longer have. */
  readonly outdated: readonly ChangedAdmission[];
}

const nothing: Found = { corrections: 0, intruders: [], outdated: [] };

/** Makes what we say about one room's meeting true again. Nobody gets in by it; people may only be found to be gone. */
@Injectable()
export class ReconcileRoom {
  private readonly sight = new Sight(unusedMs);

  constructor(
    private readonly transaction: Transaction,
    private readonly media: MediaServer,
    private readonly meetings: MeetingLog,
    private readonly revoker: PresenceRevoker,
    private readonly removals: MediaRemovals,
    private readonly roleChange: RoleChange,
    private readonly clock: Clock,
  ) {}

  /** How many corrections were needed. */
  async execute(roomId: string): Promise<number> {
    const look = await this.look(roomId);
    const { corrections, intruders, outdated } = await this.transaction.run(async (em) => {
      const room = await lockRoomById(em, roomId);
      const found = room
        ? { ...(await this.compare(em, look)), outdated: await outdatedRoles(em, look) }
        : { ...nothing, intruders: look.participants ?? [] };
      await this.removals.add(
        em,
        found.intruders.map((seen) => intruder(roomId, seen)),
      );
      return found;
    });
    await this.roleChange.tell(outdated);
    return corrections + intruders.length + outdated.length;
  }

  private async look(roomId: string): Promise<Look> {
    const askedAt = this.clock.now();
    try {
      const participants = await this.everybodyIn(roomId);
      return { roomId, askedAt, participants, sightMs: this.sight.regain(roomId, askedAt) };
    } catch (error) {
      this.sight.lose(roomId);
      throw error;
    }
  }

  private async everybodyIn(roomId: string): Promise<readonly Seen[] | null> {
    const everybody: Seen[] = [];
    let open = false;
    for (const mediaRoomId of await this.transaction.run((em) => mediaRoomIdsOf(em, roomId))) {
      const participants = await this.media.listParticipants(mediaRoomId);
      open ||= participants !== null;
      everybody.push(...(participants ?? []).map((participant) => ({ ...participant, mediaRoomId })));
    }
    return open ? everybody : null;
  }

  private async compare(
    em: EntityManager,
    { roomId, askedAt, participants, sightMs }: Look,
  ): Promise<Omit<Found, 'outdated'>> {
    let corrections = 0;
    const intruders: Seen[] = [];
    const connected = participants ?? [];
    for (const seen of connected) {
      const { joinId, sid, active } = seen;
      if (!active) continue;
      const noted = await this.meetings.joined(em, { roomId, joinId, sid }, true);
      if (noted === 'intruder') intruders.push(seen);
      if (noted === 'noted') corrections++;
    }
    if (sightMs < doubtfulMs) return { corrections, intruders };
    corrections += await this.closeGone(em, roomId, connected, askedAt);
    await this.endUnused(em, roomId, connected, askedAt, {
      unused: sightMs >= unusedMs,
      mediaRoomGone: participants === null,
    });
    await this.endMeetingWithoutPeople(em, roomId, connected);
    return { corrections, intruders };
  }

  /** A meeting is over when no person is in it or on the way in; its services go with it. */
  private async endMeetingWithoutPeople(em: EntityManager, roomId: string, connected: readonly Seen[]): Promise<void> {
    const live = await em.execute<{ join_id: string; service: string | null }[]>(
      'select join_id, service from admission where room_id = ? and revoked_at is null',
      [roomId],
    );
    const services = live.filter(({ service }) => service !== null).map((row) => row.join_id);
    const people = connected.some(({ joinId }) => !services.includes(joinId)) || live.length > services.length;
    if (people) return;
    await this.meetings.end(em, roomId);
    if (services.length > 0) await this.revoker.revoke(em, { roomId }, 'meeting_ended');
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
  ): Promise<void> {
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
    for (const { join_id: joinId } of unused)
      if (!there.has(joinId)) await this.revoker.revoke(em, { joinId }, 'not_connected');
  }
}

/** Whoever comes back with a token from before a change brings the old role along. */
async function outdatedRoles(em: EntityManager, { roomId, participants }: Look): Promise<ChangedAdmission[]> {
  const shown = new Map((participants ?? []).map(({ joinId, role }) => [joinId, role]));
  if (shown.size === 0) return [];
  const admissions = await em.find(
    Admission,
    { roomId, joinId: { $in: [...shown.keys()] }, service: null, revokedAt: null },
    { refresh: true },
  );
  return admissions
    .filter(({ joinId, role }) => shown.get(joinId) !== role)
    .map(({ joinId, mediaRoom, role }) => ({ joinId, roomId, mediaRoomId: mediaRoom, role }));
}

import type { rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, Logger } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { forgetCodeAlarm } from '../access-codes/code-attempts.js';
import { NewAccessCode, type NewCode } from '../access-codes/new-access-code.js';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { PresenceRevoker } from '../presence/presence-revoker.js';
import { RoomEventLog } from '../room-log/room-event-log.js';
import { RoomMember } from '../room/room-member.js';
import { findMember, lockRoom } from '../room/room-repository.js';
import type { Room } from '../room/room.js';
import { findTarget } from './find-target.js';

/**
 * Puts a person out, with every tab, until they are invited again: the person and not the account. The code they may know changes,
 * and newcomers wait for a host from now on.
 */
@Injectable()
export class RemoveParticipant {
  constructor(
    private readonly transaction: Transaction,
    private readonly revoker: PresenceRevoker,
    private readonly newCode: NewAccessCode,
    private readonly log: RoomEventLog,
    private readonly audit: RoomsAudit,
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  async execute(
    grant: Grant,
    { joinId }: rooms.RemoveParticipantRequest,
  ): Promise<Answer<typeof rooms.ParticipantsService.method.removeParticipant>> {
    // Its hash costs time, and other people wait for the room's lock.
    const code = await this.spareCode(grant.roomId);
    return this.transaction.run(async (em) => {
      const room = await lockRoom(em, grant);
      const { userId, displayName } = await findTarget(em, room.id, joinId);
      // A service is nobody's and comes back only where rooms lets it in again.
      if (!userId) {
        await this.removeOnly(em, grant, joinId);
        return { codeChanged: false, newcomersWait: false };
      }
      const known = await findMember(em, room.id, userId);
      // The owner cannot lose the own room, and nobody puts themselves out: that is leaving.
      grant.requireOver('participant.remove', { userId, role: known?.role ?? 'participant' });
      const now = this.clock.now();
      const member = known ?? RoomMember.join({ roomId: room.id, userId, displayName, role: 'participant' }, now);
      member.remove(now);
      if (!known) em.persist(member);
      await em.flush();
      // Another account of theirs is a newcomer, and the code that they know opens nothing.
      const codeChanged = room.codeHash !== null;
      if (codeChanged) {
        const known = room.codeVersion;
        if (code) room.giveCode(code.stored, now);
        else room.removeCode(now);
        await keepProven(em, room, known);
        await forgetCodeAlarm(em, room.id);
      }
      room.holdNewcomers(now);
      await em.flush();
      await this.log.append(em, room.id, { case: 'roomUpdated', value: {} });
      await this.revoker.revoke(em, { roomId: room.id, userId }, 'removed');
      await this.audit.record(em, {
        action: 'participant.removed',
        userId: grant.person.userId,
        roomId: room.id,
        detail: { removedUserId: userId, joinId },
      });
      return { codeChanged, newcomersWait: true };
    });
  }

  /** Nobody stays in the room because a code could not be made: without one it has none, and its owner makes the next. */
  private async spareCode(roomId: string): Promise<NewCode | null> {
    try {
      return await this.newCode.make(roomId);
    } catch (error) {
      this.logger.warn('no new access code for a removal', { roomId, error });
      return null;
    }
  }

  private async removeOnly(em: EntityManager, grant: Grant, joinId: string): Promise<void> {
    const { roomId, person } = grant;
    await this.revoker.revoke(em, { joinId }, 'removed');
    await this.audit.record(em, { action: 'participant.removed', userId: person.userId, roomId, detail: { joinId } });
  }
}

/** Whoever is inside by the code that has just changed stays known and comes back without the new one; who only knew it does not. */
async function keepProven(em: EntityManager, { id, codeVersion }: Room, before: number): Promise<void> {
  await em.execute(
    `update room_member m set code_version = ? where m.room_id = ? and m.status = 'active' and m.code_version = ?
        and exists (select 1 from admission a where a.room_id = m.room_id and a.user_id = m.user_id and a.revoked_at is null)`,
    [codeVersion, id, before],
  );
}

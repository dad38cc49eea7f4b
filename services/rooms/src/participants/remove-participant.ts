import type { rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { PresenceRevoker } from '../presence/presence-revoker.js';
import { RoomMember } from '../room/room-member.js';
import { findMember, lockRoom } from '../room/room-repository.js';
import { findTarget } from './find-target.js';

/** Puts a person out, with every tab, until they are invited again. */
@Injectable()
export class RemoveParticipant {
  constructor(
    private readonly transaction: Transaction,
    private readonly revoker: PresenceRevoker,
    private readonly audit: RoomsAudit,
    private readonly clock: Clock,
  ) {}

  async execute(
    grant: Grant,
    { joinId }: rooms.RemoveParticipantRequest,
  ): Promise<Answer<typeof rooms.ParticipantsService.method.removeParticipant>> {
    await this.transaction.run(async (em) => {
      const room = await lockRoom(em, grant);
      const { userId, displayName } = await findTarget(em, room.id, joinId);
      // A service is nobody's and comes back only where rooms lets it in again.
      if (!userId) return this.removeOnly(em, grant, joinId);
      const known = await findMember(em, room.id, userId);
      // The owner cannot lose the own room, and nobody puts themselves out: that is leaving.
      grant.requireOver('participant.remove', { userId, role: known?.role ?? 'participant' });
      const now = this.clock.now();
      const member = known ?? RoomMember.join({ roomId: room.id, userId, displayName, role: 'participant' }, now);
      member.remove(now);
      if (!known) em.persist(member);
      await em.flush();
      await this.revoker.revoke(em, { roomId: room.id, userId }, 'removed');
      await this.audit.record(em, {
        action: 'participant.removed',
        userId: grant.person.userId,
        roomId: room.id,
        detail: { removedUserId: userId, joinId },
      });
    });
    return {};
  }

  private async removeOnly(em: EntityManager, grant: Grant, joinId: string): Promise<void> {
    const { roomId, person } = grant;
    await this.revoker.revoke(em, { joinId }, 'removed');
    await this.audit.record(em, { action: 'participant.removed', userId: person.userId, roomId, detail: { joinId } });
  }
}

import type { rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { PresenceRevoker } from '../presence/presence-revoker.js';
import { findMember, lockRoom } from '../room/room-repository.js';
import { Invitation } from './invitation.js';

/** Takes an invitation back, and with an accepted one the membership it gave: that person is out at once. */
@Injectable()
export class RevokeInvitation {
  constructor(
    private readonly transaction: Transaction,
    private readonly revoker: PresenceRevoker,
    private readonly audit: RoomsAudit,
    private readonly clock: Clock,
  ) {}

  async execute(
    grant: Grant,
    { invitationId }: rooms.RevokeInvitationRequest,
  ): Promise<Answer<typeof rooms.InvitationsService.method.revokeInvitation>> {
    await this.transaction.run(async (em) => {
      const room = await lockRoom(em, grant);
      const invitation = await em.findOne(Invitation, { id: invitationId, roomId: room.id }, { refresh: true });
      if (!invitation) throw new DomainError('NOT_FOUND');
      const now = this.clock.now();
      invitation.revoke(now);
      await this.endWhatItGave(em, invitation, now);
      await this.audit.record(em, {
        action: 'invitation.revoked',
        userId: grant.person.userId,
        roomId: room.id,
        detail: { invitationId, ...(invitation.acceptedBy && { acceptedBy: invitation.acceptedBy }) },
      });
    });
    return {};
  }

  private async endWhatItGave(em: EntityManager, invitation: Invitation, now: Date): Promise<void> {
    const { id, roomId, acceptedBy } = invitation;
    const member = acceptedBy && (await findMember(em, roomId, acceptedBy));
    if (!member || member.invitationId !== id || member.bypasses) return;
    member.endMembership(now);
    await em.flush();
    await this.revoker.revoke(em, { roomId, userId: member.userId }, 'membership_ended');
  }
}

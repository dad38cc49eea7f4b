import type { rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { configToken, type Config } from '../config.js';
import { RoomMember } from '../room/room-member.js';
import { findMember, lockRoomById } from '../room/room-repository.js';
import { invitationTokenHash, isInvitationToken } from './invitation-token.js';
import { Invitation, type Invitee } from './invitation.js';

/** How a person stands to invitations by address. */
export const inviteeOf = (person: Principal, trustUnverified: boolean): Invitee => ({
  userId: person.userId,
  email: person.email,
  addressCounts: person.email !== '' && (person.emailVerified || trustUnverified),
});

/** Binds an invitation to a person and makes them a member; the room must be locked. */
export async function bindInvitation(
  em: EntityManager,
  invitation: Invitation,
  person: Principal,
  invitee: Invitee,
  now: Date,
): Promise<RoomMember> {
  invitation.accept(invitee, now);
  const known = await findMember(em, invitation.roomId, person.userId);
  const member =
    known ??
    RoomMember.join(
      { roomId: invitation.roomId, userId: person.userId, displayName: person.displayName, role: 'participant' },
      now,
    );
  member.acceptInvitation(invitation.id, person.displayName, now);
  if (!known) em.persist(member);
  await em.flush();
  return member;
}

/** Accepts an invitation by its link. */
@Injectable()
export class AcceptInvitation {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly audit: RoomsAudit,
    @Inject(configToken) private readonly config: Pick<Config, 'TOKEN_PEPPER' | 'TRUST_UNVERIFIED_ADDRESSES'>,
  ) {}

  /** The link of the room it leads to. */
  async execute(
    person: Principal,
    { token }: rooms.AcceptInvitationRequest,
  ): Promise<Answer<typeof rooms.InvitationsService.method.acceptInvitation>> {
    if (!isInvitationToken(token)) throw new DomainError('NOT_FOUND');
    const tokenHash = invitationTokenHash(this.config.TOKEN_PEPPER, token);
    const invitee = inviteeOf(person, this.config.TRUST_UNVERIFIED_ADDRESSES);
    return this.transaction.run(async (em) => {
      const found = await em.findOne(Invitation, { tokenHash }, { refresh: true });
      const room = found && (await lockRoomById(em, found.roomId));
      // Again under the lock: somebody else may have been first.
      const invitation = room && (await em.findOne(Invitation, { tokenHash }, { refresh: true }));
      if (!room || !invitation) throw new DomainError('NOT_FOUND');
      const member = await findMember(em, room.id, person.userId);
      const mine = invitation.acceptedBy === person.userId && !invitation.revokedAt;
      // Opening the link twice, or one's own link to see whether it works, uses nothing up.
      if (member?.activeRole && (mine || member.bypasses)) return { slug: room.slug };
      // An invitation from before the removal is not an invitation back.
      if (member?.removedAt && invitation.createdAt <= member.removedAt) throw new DomainError('REMOVED_FROM_ROOM');
      await bindInvitation(em, invitation, person, invitee, this.clock.now());
      await this.audit.record(em, {
        action: 'invitation.accepted',
        userId: person.userId,
        roomId: room.id,
        detail: { invitationId: invitation.id, by: 'link' },
      });
      return { slug: room.slug };
    });
  }
}

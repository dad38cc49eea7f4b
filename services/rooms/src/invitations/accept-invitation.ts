import { auth, type rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { InjectClient, type Answer, type Principal, type ServiceClient } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { configToken, type Config } from '../config.js';
import { findMember, lockRoomById } from '../room/room-repository.js';
import { bindInvitation } from './bind-invitation.js';
import { invitationTokenHash, isInvitationToken } from './invitation-token.js';
import { Invitation } from './invitation.js';

/** The room that the link leads to, or the invitation whose link proves the caller's address, which auth must keep first. */
type Opened = { readonly slug: string } | { readonly proves: Invitation };

/** Accepts an invitation by its link. */
@Injectable()
export class AcceptInvitation {
  constructor(
    private readonly transaction: Transaction,
    @InjectClient(auth.AccountsService) private readonly accounts: ServiceClient<typeof auth.AccountsService>,
    private readonly clock: Clock,
    private readonly audit: RoomsAudit,
    @Inject(configToken) private readonly config: Pick<Config, 'TOKEN_PEPPER'>,
  ) {}

  /**
   * The proof is kept by auth before the acceptance is written here: whoever is stopped in between opens the link again, and nobody is in
   * by an address that is not proven.
   */
  async execute(
    person: Principal,
    { token }: rooms.AcceptInvitationRequest,
  ): Promise<Answer<typeof rooms.InvitationsService.method.acceptInvitation>> {
    if (!isInvitationToken(token)) throw new DomainError('NOT_FOUND');
    const tokenHash = invitationTokenHash(this.config.TOKEN_PEPPER, token);
    const first = await this.open(person, tokenHash, false);
    if ('slug' in first) return first;
    const { id: invitationId, email } = first.proves;
    await this.accounts.proveAddress({ email: email ?? '', invitationId });
    const second = await this.open(person, tokenHash, true);
    if ('slug' in second) return second;
    throw new DomainError('CONFLICT');
  }

  /** Opens the link under the room's lock; `proven` once auth has kept what it proves. */
  private open(person: Principal, tokenHash: Buffer, proven: boolean): Promise<Opened> {
    return this.transaction.run(async (em) => {
      const found = await em.findOne(Invitation, { tokenHash }, { refresh: true });
      const room = found && (await lockRoomById(em, found.roomId));
      // Again under the lock: somebody else may have been first.
      const invitation = room && (await em.findOne(Invitation, { tokenHash }, { refresh: true }));
      if (!room || !invitation) throw new DomainError('NOT_FOUND');
      const now = this.clock.now();
      const member = await findMember(em, room.id, person.userId);
      const mine = invitation.acceptedBy === person.userId && !invitation.revokedAt;
      const belongs = member?.activeRole && (mine || member.bypasses);
      // An invitation from before the removal is not an invitation back.
      if (!belongs && member?.removedAt && invitation.createdAt <= member.removedAt)
        throw new DomainError('REMOVED_FROM_ROOM');

      const usable = mine || invitation.statusAt(now) === 'pending';
      const proves = usable && invitation.isFor(person);
      if (proves && !proven && !invitation.openedBy) return { proves: invitation };
      if (proves) invitation.open(person.userId, now);

      // Opening the link twice, or one's own link to see whether it works, uses nothing up.
      if (belongs) {
        if (proves) member.proveAddress('invitation', now);
        return { slug: room.slug };
      }
      const invitee = { userId: person.userId, email: person.email, proven: proves };
      const joined = await bindInvitation(em, invitation, person, invitee, now);
      if (proves) joined.proveAddress('invitation', now);
      await this.accepted(em, invitation, person.userId);
      return { slug: room.slug };
    });
  }

  private accepted(em: EntityManager, { id: invitationId, roomId }: Invitation, userId: string): Promise<void> {
    return this.audit.record(em, {
      action: 'invitation.accepted',
      userId,
      roomId,
      detail: { invitationId, by: 'link' },
    });
  }
}

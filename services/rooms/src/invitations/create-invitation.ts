import { timestampDate, type rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { configToken, type Config } from '../config.js';
import { lockRoom } from '../room/room-repository.js';
import { invitationPrefix, invitationTokenHash } from './invitation-token.js';
import { Invitation, invitationMessage } from './invitation.js';

/** Makes an invitation; its link is told once and stored nowhere. */
@Injectable()
export class CreateInvitation {
  constructor(
    private readonly transaction: Transaction,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly audit: RoomsAudit,
    @Inject(configToken) private readonly config: Pick<Config, 'TOKEN_PEPPER' | 'PUBLIC_URL'>,
  ) {}

  async execute(
    grant: Grant,
    { email, expiresAt }: rooms.CreateInvitationRequest,
  ): Promise<Answer<typeof rooms.InvitationsService.method.createInvitation>> {
    const token = this.ids.randomToken(invitationPrefix);
    const invitation = await this.transaction.run(async (em) => {
      const room = await lockRoom(em, grant);
      const made = Invitation.issue(
        {
          id: this.ids.uuidv7(),
          roomId: room.id,
          // Empty asks for a link; white space is an address that does not hold, never a link for anybody.
          email,
          tokenHash: invitationTokenHash(this.config.TOKEN_PEPPER, token),
          invitedBy: grant.person.userId,
          expiresAt: expiresAt ? timestampDate(expiresAt) : null,
        },
        this.clock.now(),
      );
      em.persist(made);
      await this.audit.record(em, {
        action: 'invitation.created',
        userId: grant.person.userId,
        roomId: room.id,
        detail: { invitationId: made.id, by: made.email === null ? 'link' : 'address' },
      });
      return made;
    });
    // Behind the hash sign: browsers do not send it, so no server's log ever holds it.
    const message = invitationMessage(invitation, '', this.clock.now());
    return { invitation: message, link: `${this.config.PUBLIC_URL.replace(/\/+$/, '')}/invite#${token}` };
  }
}

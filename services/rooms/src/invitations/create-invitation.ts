import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { configToken, type Config } from '../config.js';
import { lockRoomFor } from '../room/room-repository.js';
import { invitationPrefix, invitationTokenHash } from './invitation-token.js';
import { Invitation } from './invitation.js';

/** Whom to invite; an empty address means by link, for whoever opens it first. */
export interface CreateInvitationCommand {
  readonly slug: string;
  readonly email: string;
  readonly expiresAt: Date | null;
}

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
    caller: Principal,
    command: CreateInvitationCommand,
  ): Promise<{ invitation: Invitation; link: string }> {
    const token = this.ids.randomToken(invitationPrefix);
    const invitation = await this.transaction.run(async (em) => {
      const room = await lockRoomFor(em, command.slug, caller.userId, 'room.invite');
      const made = Invitation.issue(
        {
          id: this.ids.uuidv7(),
          roomId: room.id,
          email: command.email,
          tokenHash: invitationTokenHash(this.config.TOKEN_PEPPER, token),
          invitedBy: caller.userId,
          expiresAt: command.expiresAt,
        },
        this.clock.now(),
      );
      em.persist(made);
      await this.audit.record(em, {
        action: 'invitation.created',
        userId: caller.userId,
        roomId: room.id,
        detail: { invitationId: made.id, by: made.email === null ? 'link' : 'address' },
      });
      return made;
    });
    // Behind the hash sign: browsers do not send it, so no server's log ever holds it.
    return { invitation, link: `${this.config.PUBLIC_URL.replace(/\/+$/, '')}/invite#${token}` };
  }
}

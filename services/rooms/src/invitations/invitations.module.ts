import { Module } from '@nestjs/common';
import { PresenceModule } from '../presence/presence.module.js';
import { AcceptInvitation } from './accept-invitation.js';
import { CreateInvitation } from './create-invitation.js';
import { InvitationsController } from './invitations.controller.js';
import { ListInvitations } from './list-invitations.js';
import { RevokeInvitation } from './revoke-invitation.js';

/** Invitations. */
@Module({
  imports: [PresenceModule],
  controllers: [InvitationsController],
  providers: [AcceptInvitation, CreateInvitation, ListInvitations, RevokeInvitation],
})
export class InvitationsModule {}

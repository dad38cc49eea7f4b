import { rooms } from '@conclave/contracts';
import { Access, requireGrant, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { AcceptInvitation } from './accept-invitation.js';
import { CreateInvitation } from './create-invitation.js';
import { ListInvitations } from './list-invitations.js';
import { RevokeInvitation } from './revoke-invitation.js';

const { method } = rooms.InvitationsService;

/** Invitations over the bus. */
@Controller()
export class InvitationsController {
  constructor(
    private readonly createInvitationUseCase: CreateInvitation,
    private readonly listInvitationsUseCase: ListInvitations,
    private readonly revokeInvitationUseCase: RevokeInvitation,
    private readonly acceptInvitationUseCase: AcceptInvitation,
  ) {}

  @Rpc(method.createInvitation)
  @Access('room.invite')
  createInvitation(request: rooms.CreateInvitationRequest, context: CallContext) {
    return this.createInvitationUseCase.execute(requireGrant(context), request);
  }

  @Rpc(method.listInvitations)
  @Access('room.invite')
  listInvitations(request: rooms.ListInvitationsRequest, context: CallContext) {
    return this.listInvitationsUseCase.execute(requireGrant(context), request);
  }

  @Rpc(method.revokeInvitation)
  @Access('room.invite')
  revokeInvitation(request: rooms.RevokeInvitationRequest, context: CallContext) {
    return this.revokeInvitationUseCase.execute(requireGrant(context), request);
  }

  @Rpc(method.acceptInvitation)
  @Access('signed-in')
  acceptInvitation(request: rooms.AcceptInvitationRequest, context: CallContext) {
    return this.acceptInvitationUseCase.execute(requirePrincipal(context), request);
  }
}

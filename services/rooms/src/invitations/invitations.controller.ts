import { rooms, timestampDate, timestampFromDate, type MessageInitShape, type Timestamp } from '@conclave/contracts';
import { invalidArgument } from '@conclave/errors';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Clock } from '@conclave/platform';
import { Controller } from '@nestjs/common';
import { AcceptInvitation } from './accept-invitation.js';
import { CreateInvitation } from './create-invitation.js';
import { invitationStatusToWire, type Invitation } from './invitation.js';
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
    private readonly clock: Clock,
  ) {}

  @Rpc(method.createInvitation)
  @Access('room.invite')
  async createInvitation(
    request: rooms.CreateInvitationRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.CreateInvitationResponseSchema>> {
    const { invitation, link } = await this.createInvitationUseCase.execute(requirePrincipal(context), {
      slug: request.slug,
      // Empty asks for a link; white space is an address that does not hold, never a link for anybody.
      email: request.email,
      expiresAt: request.expiresAt ? dateOf(request.expiresAt) : null,
    });
    return { invitation: this.toWire(invitation, ''), link };
  }

  @Rpc(method.listInvitations)
  @Access('room.invite')
  async listInvitations(
    request: rooms.ListInvitationsRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.ListInvitationsResponseSchema>> {
    const { items, next } = await this.listInvitationsUseCase.execute(requirePrincipal(context), request);
    return { invitations: items.map((item) => this.toWire(item.invitation, item.acceptedByName)), next };
  }

  @Rpc(method.revokeInvitation)
  @Access('room.invite')
  async revokeInvitation(
    request: rooms.RevokeInvitationRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.RevokeInvitationResponseSchema>> {
    await this.revokeInvitationUseCase.execute(requirePrincipal(context), request.slug, request.invitationId);
    return {};
  }

  @Rpc(method.acceptInvitation)
  @Access('signed-in')
  async acceptInvitation(
    request: rooms.AcceptInvitationRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.AcceptInvitationResponseSchema>> {
    return { slug: await this.acceptInvitationUseCase.execute(requirePrincipal(context), request.token) };
  }

  private toWire(invitation: Invitation, acceptedByName: string): MessageInitShape<typeof rooms.InvitationSchema> {
    return {
      id: invitation.id,
      email: invitation.email ?? '',
      status: invitationStatusToWire(invitation.statusAt(this.clock.now())),
      createdAt: timestampFromDate(invitation.createdAt),
      expiresAt: timestampFromDate(invitation.expiresAt),
      ...(invitation.acceptedBy && { acceptedBy: { id: invitation.acceptedBy, displayName: acceptedByName } }),
    };
  }
}

/** A timestamp from a request; seconds beyond what a date can hold are refused. */
function dateOf(timestamp: Timestamp): Date {
  const date = timestampDate(timestamp);
  if (Number.isNaN(date.getTime())) throw invalidArgument('expiresAt');
  return date;
}

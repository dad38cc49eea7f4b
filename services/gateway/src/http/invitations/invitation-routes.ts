import { rooms, timestampFromDate } from '@conclave/contracts';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { personView } from '../rooms/room-view.js';
import { route, type RouteSource } from '../route.js';
import { cursor, id, instant, list, page, person, present, slug, time } from '../schemas.js';

const status = z.enum(['pending', 'accepted', 'revoked', 'expired']);
const invitation = z
  .strictObject({
    id,
    email: z.string().nullable(),
    status,
    createdAt: time,
    expiresAt: time,
    acceptedBy: person.nullable(),
  })
  .meta({ id: 'Invitation' });
const createdInvitation = invitation.extend({ link: z.string() }).meta({ id: 'CreatedInvitation' });
const newInvitation = z.strictObject({
  email: z.string().min(1).max(320).optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});
const inRoom = z.object({ slug });

/** Invitations: bound to one person, single use. */
@Injectable()
export class InvitationRoutes implements RouteSource {
  constructor(
    @InjectClient(rooms.InvitationsService)
    private readonly invitations: ServiceClient<typeof rooms.InvitationsService>,
  ) {}

  readonly routes = [
    route({
      method: 'GET',
      path: '/rooms/{slug}/invitations',
      access: 'signed-in',
      limit: 'read',
      says: 'Invitations of a room, newest first.',
      params: inRoom,
      query: page,
      status: 200,
      answer: list(invitation),
      handle: ({ params, query, call }) =>
        this.invitations
          .listInvitations({ ...params, ...query }, call)
          .then((found) => ({ items: found.invitations.map(invitationView), next: cursor(found.next) })),
    }),
    route({
      method: 'POST',
      path: '/rooms/{slug}/invitations',
      access: 'signed-in',
      limit: 'write',
      says: 'Invites by address, or without one by a link for whoever opens it first; the link is shown this once.',
      params: inRoom,
      body: newInvitation,
      status: 201,
      answer: createdInvitation,
      handle: ({ params, body, call }) =>
        this.invitations
          .createInvitation(invitationFor(params.slug, body), call)
          .then((made) => ({ ...invitationView(present(made.invitation)), link: made.link })),
    }),
    route({
      method: 'DELETE',
      path: '/rooms/{slug}/invitations/{id}',
      access: 'signed-in',
      limit: 'write',
      says: 'Takes an invitation back, and the membership it gave.',
      params: z.object({ slug, id }),
      status: 204,
      handle: async ({ params, call }) =>
        void (await this.invitations.revokeInvitation({ slug: params.slug, invitationId: params.id }, call)),
    }),
    route({
      method: 'POST',
      path: '/invitations/accept',
      access: 'signed-in',
      limit: 'prove',
      says: 'Binds the invitation behind a link to the caller.',
      body: z.strictObject({ token: z.string().min(1).max(256) }),
      status: 200,
      answer: z.strictObject({ slug }),
      handle: ({ body, call }) => this.invitations.acceptInvitation(body, call).then((found) => ({ slug: found.slug })),
    }),
  ];
}

function invitationFor(slug: string, { email, expiresAt }: z.output<typeof newInvitation>) {
  return {
    slug,
    ...(email !== undefined && { email }),
    ...(expiresAt !== undefined && { expiresAt: timestampFromDate(new Date(expiresAt)) }),
  };
}

const statuses = {
  [rooms.InvitationStatus.PENDING]: 'pending',
  [rooms.InvitationStatus.ACCEPTED]: 'accepted',
  [rooms.InvitationStatus.REVOKED]: 'revoked',
  [rooms.InvitationStatus.EXPIRED]: 'expired',
  [rooms.InvitationStatus.UNSPECIFIED]: undefined,
} as const;

function invitationView(wire: rooms.Invitation): z.input<typeof invitation> {
  return {
    id: wire.id,
    email: wire.email === '' ? null : wire.email,
    status: present(statuses[wire.status]),
    createdAt: instant(wire.createdAt),
    expiresAt: instant(wire.expiresAt),
    acceptedBy: wire.acceptedBy ? personView(wire.acceptedBy) : null,
  };
}

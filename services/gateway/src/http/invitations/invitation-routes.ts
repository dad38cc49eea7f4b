import { rooms } from '@conclave/contracts';
import { rpcRoute } from '../route.js';

const { createInvitation, listInvitations, revokeInvitation, acceptInvitation } = rooms.InvitationsService.method;

/** Invitations: bound to one person, single use. */
export const invitationRoutes = [
  rpcRoute({
    name: 'invitations',
    method: 'GET',
    path: '/rooms/{slug}/invitations',
    access: 'signed-in',
    limit: 'read',
    rpc: listInvitations,
    status: 200,
    answer: { items: 'invitations' },
  }),
  rpcRoute({
    name: 'invite',
    method: 'POST',
    path: '/rooms/{slug}/invitations',
    access: 'signed-in',
    limit: 'write',
    rpc: createInvitation,
    status: 201,
    answer: { flat: 'invitation', named: 'CreatedInvitation' },
  }),
  rpcRoute({
    name: 'revokeInvitation',
    method: 'DELETE',
    path: '/rooms/{slug}/invitations/{id}',
    parameters: { id: 'invitationId' },
    access: 'signed-in',
    limit: 'write',
    rpc: revokeInvitation,
    status: 204,
  }),
  rpcRoute({
    name: 'acceptInvitation',
    method: 'POST',
    path: '/invitations/accept',
    access: 'signed-in',
    limit: 'prove',
    rpc: acceptInvitation,
    status: 200,
  }),
];

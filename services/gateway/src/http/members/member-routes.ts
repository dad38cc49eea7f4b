import { rooms } from '@conclave/contracts';
import { rpcRoute } from '../route.js';

const { setMemberRole } = rooms.MembersService.method;

/** People who belong to a room. */
export const memberRoutes = [
  rpcRoute({
    name: 'setMemberRole',
    method: 'PATCH',
    path: '/rooms/{slug}/members/{userId}',
    access: 'signed-in',
    limit: 'write',
    rpc: setMemberRole,
    status: 204,
  }),
];

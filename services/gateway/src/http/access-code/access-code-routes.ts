import { rooms } from '@conclave/contracts';
import { rpcRoute } from '../route.js';

const { getAccessCode, rotateAccessCode, removeAccessCode } = rooms.AccessCodesService.method;

/** The access code of a room. */
export const accessCodeRoutes = [
  rpcRoute({
    name: 'accessCode',
    method: 'GET',
    path: '/rooms/{slug}/access-code',
    access: 'signed-in',
    limit: 'read',
    rpc: getAccessCode,
    status: 200,
  }),
  rpcRoute({
    name: 'rotateAccessCode',
    method: 'PUT',
    path: '/rooms/{slug}/access-code',
    access: 'signed-in',
    limit: 'write',
    rpc: rotateAccessCode,
    status: 200,
  }),
  rpcRoute({
    name: 'removeAccessCode',
    method: 'DELETE',
    path: '/rooms/{slug}/access-code',
    access: 'signed-in',
    limit: 'write',
    rpc: removeAccessCode,
    status: 204,
  }),
];

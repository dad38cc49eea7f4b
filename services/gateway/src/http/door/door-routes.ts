import { rooms } from '@conclave/contracts';
import { rpcRoute } from '../route.js';

/** What a person before a door may know. */
export const doorRoutes = [
  rpcRoute({
    name: 'door',
    method: 'GET',
    path: '/rooms/{slug}/door',
    access: 'signed-in',
    limit: 'read',
    rpc: rooms.RoomsService.method.getDoor,
    status: 200,
    answer: 'door',
  }),
];

import { rooms } from '@conclave/contracts';
import { rpcRoute } from '../route.js';

const { createRoom, listRooms, getRoom, updateRoom, deleteRoom } = rooms.RoomsService.method;

/** Rooms of the caller. */
export const roomRoutes = [
  rpcRoute({
    name: 'rooms',
    method: 'GET',
    path: '/rooms',
    access: 'signed-in',
    limit: 'read',
    rpc: listRooms,
    status: 200,
    answer: { items: 'rooms' },
  }),
  rpcRoute({
    name: 'createRoom',
    method: 'POST',
    path: '/rooms',
    access: 'signed-in',
    limit: 'write',
    rpc: createRoom,
    status: 201,
    answer: { flat: 'room', named: 'CreatedRoom' },
  }),
  rpcRoute({
    name: 'room',
    method: 'GET',
    path: '/rooms/{slug}',
    access: 'signed-in',
    limit: 'read',
    rpc: getRoom,
    status: 200,
    answer: 'room',
  }),
  rpcRoute({
    name: 'changeRoom',
    method: 'PATCH',
    path: '/rooms/{slug}',
    access: 'signed-in',
    limit: 'write',
    rpc: updateRoom,
    status: 200,
    answer: 'room',
  }),
  rpcRoute({
    name: 'deleteRoom',
    method: 'DELETE',
    path: '/rooms/{slug}',
    access: 'signed-in',
    limit: 'write',
    rpc: deleteRoom,
    status: 204,
  }),
];

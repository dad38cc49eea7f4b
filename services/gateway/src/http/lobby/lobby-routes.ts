import { rooms } from '@conclave/contracts';
import { HostsWord } from '../../realtime/waiting/hosts-word.js';
import { rpcRoute, streamRoute } from '../route.js';

const { listWaiting, admitWaiting, denyWaiting, setNewcomersWait, getOwnRequest, cancelRequest } =
  rooms.LobbyService.method;

/** Who waits before the door, and what hosts may do about it. */
export const lobbyRoutes = [
  rpcRoute({
    name: 'waiting',
    method: 'GET',
    path: '/rooms/{slug}/lobby',
    access: 'signed-in',
    limit: 'read',
    rpc: listWaiting,
    status: 200,
    answer: { items: 'waiting' },
  }),
  rpcRoute({
    name: 'admitWaiting',
    method: 'POST',
    path: '/rooms/{slug}/lobby/{requestId}/admit',
    access: 'signed-in',
    limit: 'write',
    rpc: admitWaiting,
    status: 204,
  }),
  rpcRoute({
    name: 'denyWaiting',
    method: 'POST',
    path: '/rooms/{slug}/lobby/{requestId}/deny',
    access: 'signed-in',
    limit: 'write',
    rpc: denyWaiting,
    status: 204,
  }),
  rpcRoute({
    name: 'setNewcomersWait',
    method: 'PUT',
    path: '/rooms/{slug}/newcomers-wait',
    access: 'signed-in',
    limit: 'write',
    rpc: setNewcomersWait,
    status: 200,
  }),
  rpcRoute({
    name: 'ownRequest',
    method: 'GET',
    path: '/rooms/{slug}/entry',
    access: 'signed-in',
    limit: 'read',
    rpc: getOwnRequest,
    status: 200,
  }),
  // By hand: it is answered when there is something to say.
  streamRoute({
    name: 'hostsWord',
    method: 'GET',
    path: '/rooms/{slug}/entry/word',
    access: 'signed-in',
    limit: 'read',
    says: "The caller's own request to come in, once it waits no longer; after 15 seconds as it is then. Ask again at once.",
    rpc: getOwnRequest,
    status: 200,
    answer: rooms.GetOwnRequestResponseSchema,
    handler: HostsWord,
  }),
  rpcRoute({
    name: 'cancelRequest',
    method: 'DELETE',
    path: '/rooms/{slug}/entry',
    access: 'signed-in',
    limit: 'write',
    rpc: cancelRequest,
    status: 204,
  }),
];

import { rooms } from '@conclave/contracts';
import { rpcRoute } from '../route.js';

const { listMessages, postMessage } = rooms.MessagesService.method;

/** Chat of a meeting. */
export const messageRoutes = [
  rpcRoute({
    name: 'messages',
    method: 'GET',
    path: '/rooms/{slug}/messages',
    access: 'signed-in',
    limit: 'read',
    rpc: listMessages,
    status: 200,
    answer: { items: 'messages' },
  }),
  rpcRoute({
    name: 'sendMessage',
    method: 'POST',
    path: '/rooms/{slug}/messages',
    access: 'signed-in',
    limit: 'write',
    rpc: postMessage,
    status: 201,
    answer: 'message',
  }),
];

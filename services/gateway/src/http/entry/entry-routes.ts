import { rooms } from '@conclave/contracts';
import { rpcRoute, type Exchange, type Finish } from '../route.js';

const { requestEntry, leave } = rooms.EntryService.method;

/** By hand, for no service knows our address: media signalling goes through our own door, so it has our own origin. */
const admitted: Finish = {
  properties: {
    status: { type: 'string', enum: ['admitted'] },
    url: { type: 'string', description: 'Where the media client connects.' },
  },
  of: ({ joinId, ...rest }: { joinId: string }, publicOrigin) => ({
    status: 'admitted',
    joinId,
    url: publicOrigin.replace(/^http/, 'ws'),
    ...rest,
  }),
};

/** Coming in and going out. */
export const entryRoutes = [
  rpcRoute({
    name: 'enter',
    method: 'POST',
    path: '/rooms/{slug}/entry',
    access: 'signed-in',
    limit: 'prove',
    rpc: requestEntry,
    given: { clientAddress: ({ client }: Exchange) => client.address },
    bodyOptional: true,
    status: 200,
    finish: admitted,
  }),
  rpcRoute({
    name: 'leave',
    method: 'POST',
    path: '/rooms/{slug}/leave',
    access: 'signed-in',
    limit: 'write',
    rpc: leave,
    status: 204,
  }),
];

import { rooms } from '@conclave/contracts';
import { rpcRoute } from '../route.js';

const { listParticipants, removeParticipant, muteParticipant, endMeeting } = rooms.ParticipantsService.method;

/** People in the meeting, and what hosts may do. */
export const participantRoutes = [
  rpcRoute({
    name: 'participants',
    method: 'GET',
    path: '/rooms/{slug}/participants',
    access: 'signed-in',
    limit: 'read',
    rpc: listParticipants,
    status: 200,
    answer: { items: 'participants' },
  }),
  rpcRoute({
    name: 'removeParticipant',
    method: 'POST',
    path: '/rooms/{slug}/participants/{joinId}/remove',
    access: 'signed-in',
    limit: 'write',
    rpc: removeParticipant,
    status: 200,
  }),
  rpcRoute({
    name: 'muteParticipant',
    method: 'POST',
    path: '/rooms/{slug}/participants/{joinId}/mute',
    access: 'signed-in',
    limit: 'write',
    rpc: muteParticipant,
    status: 204,
  }),
  rpcRoute({
    name: 'endMeeting',
    method: 'POST',
    path: '/rooms/{slug}/end',
    access: 'signed-in',
    limit: 'write',
    rpc: endMeeting,
    status: 204,
  }),
];

import { rooms } from '@conclave/contracts';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { role, roleView } from '../rooms/room-view.js';
import { route, type RouteSource } from '../route.js';
import { can, id, instant, joinId, list, permissionsIn, slug, time } from '../schemas.js';

const participant = z
  .strictObject({ joinId, userId: id, displayName: z.string(), role, joinedAt: time, can })
  .meta({ id: 'Participant' });
const inRoom = z.object({ slug });
const participantInRoom = z.object({ slug, joinId });

/** People in the meeting, and what hosts may do. */
@Injectable()
export class ParticipantRoutes implements RouteSource {
  constructor(
    @InjectClient(rooms.ParticipantsService)
    private readonly participants: ServiceClient<typeof rooms.ParticipantsService>,
  ) {}

  readonly routes = [
    route({
      method: 'GET',
      path: '/rooms/{slug}/participants',
      access: 'signed-in',
      limit: 'read',
      says: 'Who is inside, in order of arrival.',
      params: inRoom,
      status: 200,
      answer: list(participant),
      handle: ({ params, call }) =>
        this.participants
          .listParticipants(params, call)
          .then((found) => ({ items: found.participants.map(participantView), next: null })),
    }),
    route({
      method: 'POST',
      path: '/rooms/{slug}/participants/{joinId}/remove',
      access: 'signed-in',
      limit: 'write',
      says: 'Puts one person out until they are invited again.',
      params: participantInRoom,
      status: 204,
      handle: async ({ params, call }) => void (await this.participants.removeParticipant(params, call)),
    }),
    route({
      method: 'POST',
      path: '/rooms/{slug}/participants/{joinId}/mute',
      access: 'signed-in',
      limit: 'write',
      says: 'Mutes the microphone of one participant.',
      params: participantInRoom,
      status: 204,
      handle: async ({ params, call }) => void (await this.participants.muteParticipant(params, call)),
    }),
    route({
      method: 'POST',
      path: '/rooms/{slug}/end',
      access: 'signed-in',
      limit: 'write',
      says: 'Ends the meeting for all.',
      params: inRoom,
      status: 204,
      handle: async ({ params, call }) => void (await this.participants.endMeeting(params, call)),
    }),
  ];
}

function participantView(wire: rooms.Participant): z.input<typeof participant> {
  const { joinId, userId, displayName, role, joinedAt, can } = wire;
  return { joinId, userId, displayName, role: roleView(role), joinedAt: instant(joinedAt), can: permissionsIn(can) };
}

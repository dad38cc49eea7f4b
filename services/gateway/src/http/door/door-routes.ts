import { rooms } from '@conclave/contracts';
import { isErrorReason } from '@conclave/errors';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { accessLevel, levelView, meeting, meetingView, personView } from '../rooms/room-view.js';
import { route, type RouteSource } from '../route.js';
import { person, present, slug } from '../schemas.js';

const standing = z.enum(['owner', 'member', 'invited', 'open', 'refused']);
const door = z
  .strictObject({
    slug,
    name: z.string().nullable(),
    host: person.nullable(),
    accessLevel,
    needs: z.strictObject({ invitation: z.boolean(), accessCode: z.boolean(), personalToken: z.boolean() }),
    standing,
    reason: z.string().nullable(),
    meeting: meeting.nullable(),
  })
  .meta({ id: 'Door' });

const standings = {
  [rooms.Standing.OWNER]: 'owner',
  [rooms.Standing.MEMBER]: 'member',
  [rooms.Standing.INVITED]: 'invited',
  [rooms.Standing.OPEN]: 'open',
  [rooms.Standing.REFUSED]: 'refused',
  // Whatever a newer rooms says that we do not know, it is no way in.
  [rooms.Standing.UNSPECIFIED]: 'refused',
} as const;

/** What a person before a door may know. */
@Injectable()
export class DoorRoutes implements RouteSource {
  constructor(@InjectClient(rooms.RoomsService) private readonly client: ServiceClient<typeof rooms.RoomsService>) {}

  readonly routes = [
    route({
      method: 'GET',
      path: '/rooms/{slug}/door',
      access: 'signed-in',
      limit: 'read',
      says: 'What the caller will be asked for at this door; name and host are null for the refused.',
      params: z.object({ slug }),
      status: 200,
      answer: door,
      handle: ({ params, call }) => this.client.getDoor(params, call).then((found) => doorView(present(found.door))),
    }),
  ];
}

function doorView(wire: rooms.Door): z.input<typeof door> {
  return {
    slug: wire.slug,
    name: wire.name === '' ? null : wire.name,
    host: wire.host ? personView(wire.host) : null,
    accessLevel: levelView(wire.accessLevel),
    needs: {
      invitation: wire.needsInvitation,
      accessCode: wire.needsAccessCode,
      personalToken: wire.needsPersonalToken,
    },
    standing: standings[wire.standing],
    reason: isErrorReason(wire.refusal) ? wire.refusal : null,
    meeting: meetingView(wire.meeting),
  };
}

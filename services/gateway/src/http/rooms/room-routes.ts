import { rooms } from '@conclave/contracts';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { route, type RouteSource } from '../route.js';
import { cursor, list, page, slug } from '../schemas.js';
import { accessLevel, levelToWire, room, roomView, settings } from './room-view.js';

const name = z.string().min(1).max(480);
const newRoom = z.strictObject({
  name,
  accessLevel: accessLevel.default('invited'),
  accessCode: z.string().min(1).max(128).optional(),
  settings: settings.optional(),
});
const changes = z.strictObject({
  name: name.optional(),
  accessLevel: accessLevel.optional(),
  settings: settings.optional(),
});
const createdRoom = room.extend({ accessCode: z.string() }).meta({ id: 'CreatedRoom' });
const inRoom = z.object({ slug });

/** Rooms of the caller. */
@Injectable()
export class RoomRoutes implements RouteSource {
  constructor(@InjectClient(rooms.RoomsService) private readonly client: ServiceClient<typeof rooms.RoomsService>) {}

  readonly routes = [
    route({
      method: 'GET',
      path: '/rooms',
      access: 'signed-in',
      limit: 'read',
      says: 'Rooms the caller owns or belongs to, last used first.',
      query: page,
      status: 200,
      answer: list(room),
      handle: ({ query, call }) =>
        this.client
          .listRooms(query, call)
          .then((found) => ({ items: found.rooms.map(roomView), next: cursor(found.next) })),
    }),
    route({
      method: 'POST',
      path: '/rooms',
      access: 'signed-in',
      limit: 'write',
      says: 'Makes a room with its own access code.',
      body: newRoom,
      status: 201,
      answer: createdRoom,
      handle: ({ body, call }) =>
        this.client
          .createRoom({ ...body, accessLevel: levelToWire(body.accessLevel) }, call)
          .then(({ room: made, accessCode }) => ({ ...roomView(made), accessCode })),
    }),
    route({
      method: 'GET',
      path: '/rooms/{slug}',
      access: 'signed-in',
      limit: 'read',
      says: 'One room, for those who belong to it.',
      params: inRoom,
      status: 200,
      answer: room,
      handle: ({ params, call }) => this.client.getRoom(params, call).then((found) => roomView(found.room)),
    }),
    route({
      method: 'PATCH',
      path: '/rooms/{slug}',
      access: 'signed-in',
      limit: 'write',
      says: 'Changes name, access level or settings; what is left out stays.',
      params: inRoom,
      body: changes,
      status: 200,
      answer: room,
      handle: ({ params, body, call }) =>
        this.client.updateRoom(roomChanges(params.slug, body), call).then((found) => roomView(found.room)),
    }),
    route({
      method: 'DELETE',
      path: '/rooms/{slug}',
      access: 'signed-in',
      limit: 'write',
      says: 'Deletes a room; its messages and files are shredded.',
      params: inRoom,
      status: 204,
      handle: async ({ params, call }) => void (await this.client.deleteRoom(params, call)),
    }),
  ];
}

function roomChanges(slug: string, { name, accessLevel, settings }: z.output<typeof changes>) {
  return {
    slug,
    ...(name !== undefined && { name }),
    ...(accessLevel !== undefined && { accessLevel: levelToWire(accessLevel) }),
    ...(settings !== undefined && { settings }),
  };
}

import { rooms } from '@conclave/contracts';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { personView } from '../rooms/room-view.js';
import { route, type RouteSource } from '../route.js';
import { can, cursor, id, instant, list, permissionsIn, person, present, slug, time } from '../schemas.js';

const message = z.strictObject({ id, author: person, text: z.string(), sentAt: time, can }).meta({ id: 'Message' });
const inRoom = z.object({ slug });
const older = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  before: z.string().max(512).default(''),
});
/** 4000 code points are at most 8000 UTF-16 units; the exact count is the service's. */
const newMessage = z.strictObject({ text: z.string().min(1).max(8000) });

/** Chat of a meeting. */
@Injectable()
export class MessageRoutes implements RouteSource {
  constructor(
    @InjectClient(rooms.MessagesService) private readonly messages: ServiceClient<typeof rooms.MessagesService>,
  ) {}

  readonly routes = [
    route({
      method: 'GET',
      path: '/rooms/{slug}/messages',
      access: 'signed-in',
      limit: 'read',
      says: 'Messages, newest first, while in the meeting.',
      params: inRoom,
      query: older,
      status: 200,
      answer: list(message),
      handle: ({ params, query, call }) =>
        this.messages
          .listMessages({ ...params, ...query }, call)
          .then((found) => ({ items: found.messages.map(messageView), next: cursor(found.next) })),
    }),
    route({
      method: 'POST',
      path: '/rooms/{slug}/messages',
      access: 'signed-in',
      limit: 'write',
      says: 'Writes a message, while in the meeting.',
      params: inRoom,
      body: newMessage,
      status: 201,
      answer: message,
      handle: ({ params, body, call }) =>
        this.messages.postMessage({ ...params, ...body }, call).then((posted) => messageView(present(posted.message))),
    }),
  ];
}

function messageView(wire: rooms.Message): z.input<typeof message> {
  return {
    id: wire.id,
    author: personView(wire.author),
    text: wire.text,
    sentAt: instant(wire.sentAt),
    can: permissionsIn(wire.can),
  };
}

import { rooms } from '@conclave/contracts';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { route, type RouteSource } from '../route.js';
import { slug } from '../schemas.js';

const inRoom = z.object({ slug });

/** The access code of a room. */
@Injectable()
export class AccessCodeRoutes implements RouteSource {
  constructor(
    @InjectClient(rooms.AccessCodesService) private readonly codes: ServiceClient<typeof rooms.AccessCodesService>,
  ) {}

  readonly routes = [
    route({
      method: 'GET',
      path: '/rooms/{slug}/access-code',
      access: 'signed-in',
      limit: 'read',
      says: 'Reads the code again, for the owner; null where it was removed.',
      params: inRoom,
      status: 200,
      answer: z.strictObject({ accessCode: z.string().nullable() }),
      handle: ({ params, call }) =>
        this.codes
          .getAccessCode(params, call)
          .then(({ accessCode }) => ({ accessCode: accessCode === '' ? null : accessCode })),
    }),
    route({
      method: 'PUT',
      path: '/rooms/{slug}/access-code',
      access: 'signed-in',
      limit: 'write',
      says: 'Makes a new code; the old one is void at once.',
      params: inRoom,
      status: 200,
      answer: z.strictObject({ accessCode: z.string() }),
      handle: ({ params, call }) =>
        this.codes.rotateAccessCode(params, call).then(({ accessCode }) => ({ accessCode })),
    }),
    route({
      method: 'DELETE',
      path: '/rooms/{slug}/access-code',
      access: 'signed-in',
      limit: 'write',
      says: 'Removes the code.',
      params: inRoom,
      status: 204,
      handle: async ({ params, call }) => void (await this.codes.removeAccessCode(params, call)),
    }),
  ];
}

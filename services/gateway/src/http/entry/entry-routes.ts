import { rooms } from '@conclave/contracts';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { gatewayConfig, type GatewayConfig } from '../../config.js';
import { role, roleView } from '../rooms/room-view.js';
import { route, type RouteSource } from '../route.js';
import { joinId, slug } from '../schemas.js';

const inRoom = z.object({ slug });
const proofs = z
  .strictObject({
    accessCode: z.string().max(128).optional(),
    personalToken: z.string().max(256).optional(),
  })
  .default({});
const admitted = z
  .strictObject({ status: z.literal('admitted'), joinId, url: z.string(), token: z.string(), role })
  .meta({ id: 'Admitted' });

/** Coming in and going out. */
@Injectable()
export class EntryRoutes implements RouteSource {
  private readonly mediaUrl: string;

  constructor(
    @InjectClient(rooms.EntryService) private readonly entry: ServiceClient<typeof rooms.EntryService>,
    @Inject(gatewayConfig) config: Pick<GatewayConfig, 'PUBLIC_URL'>,
  ) {
    // Media signalling goes through our own door, so it has our own origin.
    this.mediaUrl = new URL(config.PUBLIC_URL).origin.replace(/^http/, 'ws');
  }

  readonly routes = [
    route({
      method: 'POST',
      path: '/rooms/{slug}/entry',
      access: 'signed-in',
      limit: 'prove',
      says: 'Asks for entry; every refusal has its reason.',
      params: inRoom,
      body: proofs,
      status: 200,
      answer: admitted,
      handle: ({ params, body, call }) =>
        this.entry.requestEntry({ ...params, ...body }, call).then((admission) => this.admission(admission)),
    }),
    route({
      method: 'POST',
      path: '/rooms/{slug}/leave',
      access: 'signed-in',
      limit: 'write',
      says: "Ends the caller's admission.",
      params: inRoom,
      body: z.strictObject({ joinId }),
      status: 204,
      handle: async ({ params, body, call }) => void (await this.entry.leave({ ...params, ...body }, call)),
    }),
  ];

  private admission({ joinId, mediaToken, role }: rooms.RequestEntryResponse): z.input<typeof admitted> {
    return { status: 'admitted', joinId, url: this.mediaUrl, token: mediaToken, role: roleView(role) };
  }
}

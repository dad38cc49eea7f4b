import { permissionsOf, roleToWire, rooms, type MessageInitShape } from '@conclave/contracts';
import { invalidArgument } from '@conclave/errors';
import { Access, Rpc } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { ProvePresence } from './prove-presence.js';

/** Proof of presence for services that guard something by it. */
@Controller()
export class PresenceController {
  constructor(private readonly provePresenceUseCase: ProvePresence) {}

  @Rpc(rooms.PresenceService.method.provePresence)
  @Access('service')
  async provePresence(
    request: rooms.ProvePresenceRequest,
  ): Promise<MessageInitShape<typeof rooms.ProvePresenceResponseSchema>> {
    const { roomSlug, roomId, userId, sessionId } = request;
    if ((roomSlug === '') === (roomId === '')) throw invalidArgument('room');
    const room = roomId === '' ? { slug: roomSlug } : { id: roomId };
    const presence = await this.provePresenceUseCase.execute({ room, userId, sessionId });
    return {
      roomId: presence.roomId,
      roomSlug: presence.slug,
      joinId: presence.joinId,
      role: roleToWire(presence.role),
      permissions: [...permissionsOf(presence.role)],
    };
  }
}

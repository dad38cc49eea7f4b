import { rooms } from '@conclave/contracts';
import { Access, Rpc } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { ProvePresence } from './prove-presence.js';

/** Proof of presence for services that guard something by it. */
@Controller()
export class PresenceController {
  constructor(private readonly provePresenceUseCase: ProvePresence) {}

  @Rpc(rooms.PresenceService.method.provePresence)
  @Access('service')
  provePresence(request: rooms.ProvePresenceRequest) {
    return this.provePresenceUseCase.execute(request);
  }
}

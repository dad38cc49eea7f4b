import { rooms } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { KeepPresence } from './keep-presence.js';
import { ProvePresence } from './prove-presence.js';

/** Proof of presence for services that guard something by it. */
@Controller()
export class PresenceController {
  constructor(
    private readonly provePresenceUseCase: ProvePresence,
    private readonly keepPresenceUseCase: KeepPresence,
  ) {}

  @Rpc(rooms.PresenceService.method.provePresence)
  @Access('service')
  provePresence(request: rooms.ProvePresenceRequest) {
    return this.provePresenceUseCase.execute(request);
  }

  @Rpc(rooms.PresenceService.method.keepPresence)
  @Access('signed-in')
  keepPresence(request: rooms.KeepPresenceRequest, context: CallContext) {
    return this.keepPresenceUseCase.execute(requirePrincipal(context), request);
  }
}

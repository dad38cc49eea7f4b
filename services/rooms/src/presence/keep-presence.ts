import type { rooms } from '@conclave/contracts';
import type { Answer, Principal } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { ProvePresence } from './prove-presence.js';

/** Proves the caller's own presence once more: who and by which credential comes from the principal alone. */
@Injectable()
export class KeepPresence {
  constructor(private readonly provePresence: ProvePresence) {}

  /** @throws DomainError NOT_PRESENT */
  async execute(
    { userId, sessionId, credentialId }: Principal,
    { roomId }: rooms.KeepPresenceRequest,
  ): Promise<Answer<typeof rooms.PresenceService.method.keepPresence>> {
    const { joinId } = await this.provePresence.prove({ room: { id: roomId }, userId, sessionId, credentialId });
    return { joinId };
  }
}

import { isPermission, permissionsOf, roleFromWire, rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { Presence, type PresenceProof, type PresenceQuestion } from '../../presence/presence.js';

/** Longest wait for one proof where the caller says nothing: a call, not a stream. */
const proofTimeoutMs = 2_000;

/** Presence as rooms proves it. */
@Injectable()
export class RoomsPresence extends Presence {
  constructor(
    @InjectClient(rooms.PresenceService) private readonly client: ServiceClient<typeof rooms.PresenceService>,
  ) {
    super();
  }

  async prove(
    { room, userId, service = '', sessionId, credentialId }: PresenceQuestion,
    timeoutMs = proofTimeoutMs,
  ): Promise<PresenceProof> {
    const where = 'slug' in room ? { roomSlug: room.slug } : { roomId: room.id };
    const question = { ...where, userId, service, sessionId, credentialId };
    const proof = await this.client.provePresence(question, { timeoutMs });
    // A proof that does not say who and where is none; and one for another room than was asked must never open this one.
    const role = roleFromWire(proof.role);
    if (!proof.roomId || !role || ('id' in room && proof.roomId !== room.id)) throw new DomainError('NOT_PRESENT');
    const { roomId, roomSlug, joinId, permissions } = proof;
    // A rooms of the release before says only the role; everybody who is inside may do something.
    const may = permissions.length > 0 ? permissions.filter(isPermission) : permissionsOf(role);
    return { roomId, slug: roomSlug, joinId, role, permissions: may };
  }
}

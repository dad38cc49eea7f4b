import { GrantSource, type GrantFacts, type GrantQuestion } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { Presence } from './presence.js';

/** What a person may do with files comes with the proof that they are in the meeting, and with nothing else. */
@Injectable()
export class PresenceGrants extends GrantSource {
  constructor(private readonly presence: Presence) {
    super();
  }

  protected find({ person: { userId, sessionId, credentialId }, room }: GrantQuestion): Promise<GrantFacts> {
    return this.presence.prove({ room, userId, sessionId, credentialId });
  }
}

import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CredentialRevocation } from '../credentials/credential-revocation.js';
import type { Session } from './session.js';

/** The one way a session ends before its time. */
@Injectable()
export class SessionEnding {
  constructor(
    private readonly revocation: CredentialRevocation,
    private readonly clock: Clock,
  ) {}

  /** Ends sessions of one person, and announces it, within the transaction of `em`. */
  async end(em: EntityManager, userId: string, sessions: readonly Session[]): Promise<void> {
    if (sessions.length === 0) return;
    const now = this.clock.now();
    for (const session of sessions) session.end(now);
    await this.revocation.announce(
      em,
      userId,
      sessions.map(({ id }) => id),
    );
  }
}

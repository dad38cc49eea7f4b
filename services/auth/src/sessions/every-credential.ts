import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { KnownDevices } from './known-devices.js';
import { SessionEnding } from './session-ending.js';
import { mostLiveSessions, SessionLimits } from './session-limits.js';
import { findLiveSessions } from './session-repository.js';
import { SignInChallenges } from './sign-in-challenges.js';

/** Puts everybody out of an account: for when it has changed hands back to its owner. */
@Injectable()
export class EveryCredential {
  constructor(
    private readonly ending: SessionEnding,
    private readonly devices: KnownDevices,
    private readonly challenges: SignInChallenges,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
  ) {}

  /** Ends every live session and every half-finished sign-in and forgets every browser, within the transaction of `em`. */
  async end(em: EntityManager, userId: string): Promise<void> {
    const sessions = await findLiveSessions(em, userId, this.clock.now(), this.limits, { limit: mostLiveSessions });
    await this.ending.end(em, userId, sessions);
    await this.challenges.endAll(em, userId);
    await this.devices.forget(em, userId);
  }
}

import { Clock, Ids } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { TokenDigest } from '../credentials/token-digest.js';
import type { Device } from '../device/device.js';
import { SessionEnding } from './session-ending.js';
import { deviceMemorySeconds, mostLiveSessions, SessionLimits } from './session-limits.js';
import { findLiveSessions, removeUnusedSessions } from './session-repository.js';
import { sessionTokenPrefix } from './session-token.js';
import { Session } from './session.js';

/** Opens sessions; each has a token of its own that was never used before. */
@Injectable()
export class SessionOpening {
  constructor(
    private readonly ending: SessionEnding,
    private readonly digest: TokenDigest,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Opens a session within the transaction of `em`. Those that nobody has used for a month go; the oldest beyond the limit end,
   * so that a person can see, and end, every session there is.
   *
   * @returns the session and its token, which is kept nowhere else
   */
  async open(em: EntityManager, userId: string, device: Device): Promise<{ session: Session; token: string }> {
    const now = this.clock.now();
    await removeUnusedSessions(em, userId, this.clock.after(-deviceMemorySeconds));
    const beyond = { limit: mostLiveSessions, offset: mostLiveSessions - 1 };
    await this.ending.end(em, userId, await findLiveSessions(em, userId, now, this.limits, beyond));

    const token = this.ids.randomToken(sessionTokenPrefix);
    const session = Session.open({
      id: this.ids.uuidv7(),
      userId,
      tokenDigest: this.digest.of(token),
      device,
      lifetime: this.limits,
      now,
    });
    em.persist(session);
    return { session, token };
  }
}

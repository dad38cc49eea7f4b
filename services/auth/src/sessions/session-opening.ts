import { Clock, Ids } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { TokenDigest } from '../credentials/token-digest.js';
import type { Device } from './device.js';
import { SessionEnding } from './session-ending.js';
import { DEVICE_MEMORY_SECONDS, LIVE_SESSIONS_LIMIT, SessionLimits } from './session-limits.js';
import { Session } from './session.js';
import { sessionTokenPrefix } from './session-token.js';
import { Sessions } from './sessions.js';

/** Opens sessions; each has a token of its own that was never used before. */
@Injectable()
export class SessionOpening {
  constructor(
    private readonly sessions: Sessions,
    private readonly ending: SessionEnding,
    private readonly digest: TokenDigest,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Opens a session within the transaction of `em`. Those that nobody has used for a month go; the oldest beyond the limit end, so that a person can see, and end,
   * every session there is.
   *
   * @returns the session and its token, which is kept nowhere else
   */
  async open(em: EntityManager, userId: string, device: Device): Promise<{ session: Session; token: string }> {
    const now = this.clock.now();
    await this.sessions.removeUnusedSince(em, userId, this.clock.after(-DEVICE_MEMORY_SECONDS));
    const surplus = await this.sessions.liveOf(em, userId, now, this.limits, {
      limit: LIVE_SESSIONS_LIMIT,
      offset: LIVE_SESSIONS_LIMIT - 1,
    });
    await this.ending.end(em, userId, surplus);

    const token = this.ids.randomToken(sessionTokenPrefix);
    const session = Session.open({
      id: this.ids.uuidv7(),
      userId,
      tokenDigest: this.digest.of(token),
      device,
      lifetime: this.limits,
      now,
    });
    this.sessions.add(em, session);
    return { session, token };
  }
}

import { Clock, Ids } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { TokenDigest } from '../credentials/token-digest.js';
import type { Device } from '../device/device.js';
import { KnownDevices } from './known-devices.js';
import { SessionEnding } from './session-ending.js';
import { deviceMemorySeconds, mostLiveSessions, SessionLimits } from './session-limits.js';
import { findLiveSessions, lockSessionByDigest, removeUnusedSessions } from './session-repository.js';
import { looksLikeSessionToken, sessionTokenPrefix } from './session-token.js';
import { Session } from './session.js';

/** Opens sessions; each has a token of its own that was never used before. */
@Injectable()
export class SessionOpening {
  constructor(
    private readonly ending: SessionEnding,
    private readonly devices: KnownDevices,
    private readonly audit: AuthAudit,
    private readonly digest: TokenDigest,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Opens a session within the transaction of `em`. Those that nobody has used for a month go; the oldest beyond the limit end,
   * so that a person can see, and end, every session there is. What the browser was signed in to until now ends, whoever's it was: nobody
   * would ever see it again.
   *
   * @returns the session, its token, and what the browser is known by; the two are kept nowhere else
   */
  async open(
    em: EntityManager,
    userId: string,
    device: Device,
    former: string,
  ): Promise<{ session: Session; token: string; deviceToken: string }> {
    const now = this.clock.now();
    const deviceToken = await this.devices.renew(em, userId, device.token);
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
    await this.endFormer(em, former);
    return { session, token, deviceToken };
  }

  private async endFormer(em: EntityManager, token: string): Promise<void> {
    if (!looksLikeSessionToken(token)) return;
    const former = await lockSessionByDigest(em, this.digest.of(token));
    if (!former?.isLive(this.clock.now(), this.limits)) return;
    await this.ending.end(em, former.userId, [former]);
    await this.audit.record(em, { action: 'sign-out', userId: former.userId, sessionId: former.id });
  }
}

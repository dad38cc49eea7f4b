import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer } from '@conclave/messaging';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { TokenDigest } from '../credentials/token-digest.js';
import { AuthMetrics } from '../metrics/auth-metrics.js';
import { PrincipalTokens } from '../signing-keys/principal-tokens.js';
import { LiveSessions, type SessionWithPerson } from './live-sessions.js';
import { SessionLimits } from './session-limits.js';
import { looksLikeSessionToken } from './session-token.js';
import { isLive, toTheMinute } from './session.js';

/** Turns the cookie's session token into a principal token. The database is asked each time: an ended session is over at once. */
@Injectable()
export class ResolveSession {
  constructor(
    private readonly live: LiveSessions,
    private readonly digest: TokenDigest,
    private readonly principals: PrincipalTokens,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
    private readonly metrics: AuthMetrics,
  ) {}

  /** @throws DomainError UNAUTHENTICATED for a token that is unknown, ended, unused for too long or too old */
  async execute({
    sessionToken,
  }: auth.ResolveSessionRequest): Promise<Answer<typeof auth.SessionsService.method.resolveSession>> {
    const session = await this.find(sessionToken);
    if (!session) {
      this.metrics.refresh('refused');
      throw new DomainError('UNAUTHENTICATED');
    }
    const minute = toTheMinute(this.clock.now());
    if (session.lastSeenAt < minute) await this.live.touch(session.sessionId, minute);
    const principalToken = await this.principals.mint({ ...session, credentialId: session.sessionId });
    this.metrics.refresh('ok');
    return { principalToken, userId: session.userId, sessionId: session.sessionId };
  }

  private async find(token: string): Promise<SessionWithPerson | undefined> {
    if (!looksLikeSessionToken(token)) return undefined;
    const session = await this.live.byDigest(this.digest.of(token));
    return session && isLive(session, this.clock.now(), this.limits) ? session : undefined;
  }
}

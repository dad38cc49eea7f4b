import { createHash } from 'node:crypto';
import { auth, type common } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { Clock, ExpiringCache } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import type { Credential } from './session-cookie.js';

/** Who calls, as auth vouched for them a moment ago. */
export interface Caller {
  readonly userId: string;
  /** Empty when the person came with a personal token. */
  readonly sessionId: string;
  /** The session, or the personal token: what a revocation names. */
  readonly credentialId: string;
  /** Signed principal token; good for at least 30 more seconds. */
  readonly principal: string;
}

/** Who came with a proof when it was last good. */
export type Acquaintance = Pick<Caller, 'userId' | 'credentialId'>;

/** Longest time a resolved session is trusted without asking again; a revocation ends it at once. */
const sessionTrustMs = 30_000;
/** A rotated personal token dies within 2 s, though the broadcast of it be lost. */
const personalTokenTrustMs = 1_000;
const trustMs = { session: sessionTrustMs, 'personal-token': personalTokenTrustMs } as const;
/** How long a revocation is remembered, for answers that were on their way when it came. */
const revocationMemoryMs = 60_000;
const mostRemembered = 20_000;
/** How long a proof that was once good counts as somebody's for limits of requests, which are all that hangs on it. */
const acquaintanceMs = 12 * 60 * 60_000;

type Sessions = Pick<ServiceClient<typeof auth.SessionsService>, 'resolveSession' | 'resolvePersonalToken'>;

/** Turns a cookie or a personal token into a caller, asking auth at most once per half a minute. */
@Injectable()
export class SessionResolver {
  private readonly known: ExpiringCache<Caller>;
  private readonly acquainted: ExpiringCache<Acquaintance>;
  private readonly asking = new Map<string, Promise<Caller>>();
  private readonly revoked = new Map<string, number>();

  constructor(
    @InjectClient(auth.SessionsService) private readonly sessions: Sessions,
    private readonly clock: Clock,
  ) {
    const now = (): number => clock.now().getTime();
    this.known = new ExpiringCache({ ttlMs: sessionTrustMs, most: mostRemembered, now });
    this.acquainted = new ExpiringCache({ ttlMs: acquaintanceMs, most: mostRemembered, now });
  }

  /** @throws DomainError UNAUTHENTICATED where the proof is worth nothing, UNAVAILABLE where auth does not answer */
  async resolve(credential: Credential | undefined): Promise<Caller> {
    if (!credential) throw new DomainError('UNAUTHENTICATED');
    const key = keyOf(credential);
    const known = this.known.get(key);
    if (known) return known;
    // Twenty requests of a page that just opened ask auth once.
    let asked = this.asking.get(key);
    if (!asked) {
      asked = this.ask(credential, key);
      this.asking.set(key, asked);
    }
    try {
      return await asked;
    } finally {
      if (this.asking.get(key) === asked) this.asking.delete(key);
    }
  }

  /**
   * Whose a proof was when it was last good: by whom requests are counted, and never a reason to let anybody in. It is known
   * without asking anybody, so that a crowd at one address keeps nobody from being recognised.
   */
  acquaintance(credential: Credential | undefined): Acquaintance | undefined {
    return credential && this.acquainted.get(keyOf(credential));
  }

  /** Forgets one proof, for example at sign-out. */
  forget(credential: Credential): void {
    this.known.drop(keyOf(credential));
    this.acquainted.drop(keyOf(credential));
  }

  /** Forgets what a broadcast of auth revokes. */
  revoke({ userId, sessionIds }: Pick<common.SessionRevoked, 'userId' | 'sessionIds'>): void {
    const now = this.clock.now().getTime();
    // Nobody who comes from now on may share an answer that was asked for before.
    this.asking.clear();
    for (const [marker, at] of this.revoked) if (at < now - revocationMemoryMs) this.revoked.delete(marker);
    for (const marker of sessionIds.length > 0 ? sessionIds : [userId]) this.revoked.set(marker, now);
    const isMeant = (whose: Acquaintance): boolean =>
      sessionIds.includes(whose.credentialId) || (sessionIds.length === 0 && whose.userId === userId);
    this.known.dropWhere(isMeant);
    this.acquainted.dropWhere(isMeant);
  }

  /** Forgets everybody: while the bus was away, revocations may have been lost. */
  forgetAll(): void {
    this.asking.clear();
    this.known.clear();
  }

  private async ask(credential: Credential, key: string): Promise<Caller> {
    const startedAt = this.clock.now().getTime();
    const caller = await this.callerOf(credential).catch((error: unknown) => {
      if (error instanceof DomainError && error.reason === 'UNAUTHENTICATED') this.acquainted.drop(key);
      throw error;
    });
    const revokedAt = Math.max(this.revoked.get(caller.credentialId) ?? 0, this.revoked.get(caller.userId) ?? 0);
    // The answer was made before the revocation was heard: not remembered, so that the next request asks again.
    if (revokedAt < startedAt) {
      this.known.keep(key, caller, { since: startedAt, ttlMs: trustMs[credential.kind] });
      this.acquainted.keep(key, { userId: caller.userId, credentialId: caller.credentialId });
    }
    return caller;
  }

  private async callerOf({ kind, token }: Credential): Promise<Caller> {
    if (kind === 'session') {
      const { principalToken, userId, sessionId } = await this.sessions.resolveSession({ sessionToken: token });
      return { userId, sessionId, credentialId: sessionId, principal: principalToken };
    }
    const { principalToken, userId, credentialId } = await this.sessions.resolvePersonalToken({ personalToken: token });
    return { userId, sessionId: '', credentialId, principal: principalToken };
  }
}

/** A hash, so that a dump of this process's memory shows few tokens. */
const keyOf = ({ kind, token }: Credential): string =>
  `${kind}:${createHash('sha256').update(token).digest('base64url')}`;

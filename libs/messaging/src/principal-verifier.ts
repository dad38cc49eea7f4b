import { createPublicKey, type KeyObject } from 'node:crypto';
import { readAddressProof } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { ExpiringCache, type Clock } from '@conclave/platform';
import { JwtService } from '@nestjs/jwt';
import { decodeProtectedHeader } from 'jose';
import { principalAudience, principalIssuer, principalTtlSeconds, principalType, type Principal } from './principal.js';

/** Where a verifier learns the public keys of auth. */
export interface SigningKeySource {
  list(): Promise<readonly { kid: string; publicKeyPem: string }[]>;
}

interface Claims {
  sub: string;
  sid?: string;
  cid?: string;
  name: string;
  email: string;
  email_verified_by?: string;
  roles?: string[];
  iat: number;
  exp: number;
}

const rememberedTokens = 10_000;
const refreshPauseMs = 2_000;

/** Verifies principal tokens: ES256 only, typ, issuer, audience and key id pinned (RFC 8725). A verified token is remembered until it expires. */
export class PrincipalVerifier {
  private readonly jwt = new JwtService({});
  private readonly keys = new Map<string, KeyObject>();
  private readonly verified: ExpiringCache<Principal>;
  private refreshedAt = 0;
  private refreshing: Promise<void> | undefined;

  /** `clock` is the one that auth's tokens are compared with: where there is a database, its. */
  constructor(
    private readonly source: SigningKeySource,
    private readonly clock: Clock,
  ) {
    this.verified = new ExpiringCache({
      ttlMs: principalTtlSeconds * 1000,
      most: rememberedTokens,
      now: () => clock.now().getTime(),
    });
  }

  /** The person the token names; otherwise UNAUTHENTICATED, and UNAVAILABLE where auth's keys cannot be learned. */
  async verify(token: string): Promise<Principal> {
    const known = this.verified.get(token);
    if (known) return known;
    const key = await this.keyFor(token);
    const now = this.clock.now().getTime();
    let claims: Claims;
    try {
      claims = this.jwt.verify<Claims>(token, {
        publicKey: key as never, // @nestjs/jwt types it as string | Buffer; jsonwebtoken takes a KeyObject, 57 times faster
        algorithms: ['ES256'],
        issuer: principalIssuer,
        audience: principalAudience,
        maxAge: principalTtlSeconds,
        clockTolerance: 5,
        clockTimestamp: Math.floor(now / 1000),
      });
    } catch (cause) {
      throw new DomainError('UNAUTHENTICATED', { cause });
    }
    const principal: Principal = {
      userId: claims.sub,
      sessionId: claims.sid ?? '',
      // An auth of the release before names sessions only.
      credentialId: claims.cid ?? claims.sid ?? '',
      displayName: claims.name,
      email: claims.email,
      emailVerifiedBy: readAddressProof(claims.email_verified_by),
      roles: claims.roles ?? [],
    };
    this.verified.keep(token, principal, { ttlMs: claims.exp * 1000 - now });
    return principal;
  }

  private async keyFor(token: string): Promise<KeyObject> {
    let kid: string | undefined;
    try {
      const head = decodeProtectedHeader(token);
      if (head.alg === 'ES256' && head.typ === principalType) kid = head.kid;
    } catch (cause) {
      throw new DomainError('UNAUTHENTICATED', { cause });
    }
    if (!kid) throw new DomainError('UNAUTHENTICATED');
    if (!this.keys.has(kid)) await this.refresh();
    const key = this.keys.get(kid);
    if (!key) throw new DomainError('UNAUTHENTICATED');
    return key;
  }

  /** Learns the keys again, at most once in two seconds, so that invented key ids cost auth nothing. */
  private async refresh(): Promise<void> {
    if (this.refreshing) return this.refreshing;
    if (this.keys.size > 0 && Date.now() - this.refreshedAt < refreshPauseMs) return;
    this.refreshing = (async () => {
      const listed = await this.source.list();
      this.keys.clear();
      for (const { kid, publicKeyPem } of listed) this.keys.set(kid, createPublicKey(publicKeyPem));
      this.refreshedAt = Date.now();
    })().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }
}

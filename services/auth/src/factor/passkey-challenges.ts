import { rows } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { dropExpired } from '../credentials/drop-expired.js';
import { TokenDigest } from '../credentials/token-digest.js';

const prefix = 'cnv_pkc_';
const shape = /^cnv_pkc_[A-Za-z0-9_-]{43}$/;

/** Time to find the device; the browser gives up as soon. */
const challengeSeconds = 5 * 60;
export const passkeyTimeoutMs = challengeSeconds * 1000;

/** What a browser was given: the token for its cookie, and what the device is to sign. */
export interface PasskeyChallenge {
  readonly token: string;
  readonly challenge: string;
}

/**
 * What devices are to sign. The challenge is derived from the token in the browser's cookie, so that what was signed in one browser is worth
 * nothing in another; its digest lies here until it is used, once.
 */
@Injectable()
export class PasskeyChallenges {
  constructor(
    private readonly digest: TokenDigest,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Begins one within the transaction of `em`: for this person to add a passkey, or for nobody yet to prove who they are. */
  async begin(em: EntityManager, userId: string | null): Promise<PasskeyChallenge> {
    const [token, now] = [this.ids.randomToken(prefix), this.clock.now()];
    await dropExpired(em, 'passkey_challenge', now);
    await em.execute('insert into passkey_challenge (digest, user_id, expires_at, created_at) values (?, ?, ?, ?)', [
      this.digest.of(token),
      userId,
      this.clock.after(challengeSeconds),
      now,
    ]);
    return { token, challenge: this.challengeOf(token) };
  }

  /** Uses one up, whatever comes of it, and tells what was to be signed; undefined for one that is over, used, invented or another's. */
  async use(em: EntityManager, token: string, userId: string | null): Promise<string | undefined> {
    if (!shape.test(token)) return undefined;
    const used = await rows<object>(
      em,
      'delete from passkey_challenge where digest = ? and user_id is not distinct from ? and expires_at > ? returning 1',
      [this.digest.of(token), userId, this.clock.now()],
    );
    return used.length > 0 ? this.challengeOf(token) : undefined;
  }

  private challengeOf(token: string): string {
    return this.digest.of(JSON.stringify(['passkey challenge', token])).toString('base64url');
  }
}

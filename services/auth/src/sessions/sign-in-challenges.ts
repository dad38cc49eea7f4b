import { rows } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { dropExpired } from '../credentials/drop-expired.js';
import { TokenDigest } from '../credentials/token-digest.js';

const prefix = 'cnv_step_';
const shape = /^cnv_step_[A-Za-z0-9_-]{43}$/;

/** Time to find the phone. */
const challengeSeconds = 5 * 60;

/**
 * Sign-ins whose password is proven and which wait for a second factor. The token lies in a cookie of the browser that began, its digest
 * here; it opens nothing, and is used once.
 */
@Injectable()
export class SignInChallenges {
  constructor(
    private readonly digest: TokenDigest,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Begins one within the transaction of `em`, and sweeps those that are over. */
  async begin(em: EntityManager, userId: string): Promise<{ token: string; expiresAt: Date }> {
    const [token, now, expiresAt] = [
      this.ids.randomToken(prefix),
      this.clock.now(),
      this.clock.after(challengeSeconds),
    ];
    await dropExpired(em, 'sign_in_challenge', now);
    await em.execute('insert into sign_in_challenge (digest, user_id, expires_at, created_at) values (?, ?, ?, ?)', [
      this.digest.of(token),
      userId,
      expiresAt,
      now,
    ]);
    return { token, expiresAt };
  }

  /** Whose it is, while it lasts; undefined for one that is over, used or invented. */
  async personOf(em: EntityManager, token: string): Promise<string | undefined> {
    return this.find(em, token, '');
  }

  /** The same, locked until the commit, so that of many at one moment one goes on. */
  async lock(em: EntityManager, token: string): Promise<string | undefined> {
    return this.find(em, token, 'for update');
  }

  /** It is used. */
  async end(em: EntityManager, token: string): Promise<void> {
    await em.execute('delete from sign_in_challenge where digest = ?', [this.digest.of(token)]);
  }

  /** Those of a person are over: the password that began them counts no more. */
  async endAll(em: EntityManager, userId: string): Promise<void> {
    await em.execute('delete from sign_in_challenge where user_id = ?', [userId]);
  }

  private async find(em: EntityManager, token: string, lock: '' | 'for update'): Promise<string | undefined> {
    if (!shape.test(token)) return undefined;
    const [found] = await rows<{ userId: string }>(
      em,
      `select user_id as "userId" from sign_in_challenge where digest = ? and expires_at > ? ${lock}`,
      [this.digest.of(token), this.clock.now()],
    );
    return found?.userId;
  }
}

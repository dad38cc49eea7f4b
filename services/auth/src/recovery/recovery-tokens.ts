import { rows } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { dropExpired } from '../credentials/drop-expired.js';
import { TokenDigest } from '../credentials/token-digest.js';

/** The link counts so long. */
export const recoverySeconds = 60 * 60;

const prefix = 'cnv_rec_';

/** Tokens that lead back into an account: random, mailed, used once, kept as digests. */
@Injectable()
export class RecoveryTokens {
  constructor(
    private readonly digest: TokenDigest,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** A new one; of nobody's where there is no such account, for the same work. */
  async add(em: EntityManager, userId: string | undefined): Promise<string> {
    const token = this.ids.randomToken(prefix);
    const now = this.clock.now();
    await dropExpired(em, 'recovery', now);
    await em.execute(
      'insert into recovery (id, user_id, digest, expires_at, created_at, updated_at) values (?, ?, ?, ?, ?, ?)',
      [this.ids.uuidv7(), userId ?? null, this.digest.of(token), this.clock.after(recoverySeconds), now, now],
    );
    return token;
  }

  /** Whose it is, as long as it counts. */
  async find(em: EntityManager, token: string): Promise<string | undefined> {
    const [found] = await rows<{ userId: string }>(
      em,
      'select user_id as "userId" from recovery where digest = ? and user_id is not null and expires_at > ?',
      [this.digest.of(token), this.clock.now()],
    );
    return found?.userId;
  }

  /** Uses it up, and with it all others of the account; of many at one moment one gets true. */
  async use(em: EntityManager, userId: string, token: string): Promise<boolean> {
    const used = await rows<object>(
      em,
      'delete from recovery where digest = ? and user_id = ? and expires_at > ? returning id',
      [this.digest.of(token), userId, this.clock.now()],
    );
    if (used.length === 0) return false;
    await em.execute('delete from recovery where user_id = ?', [userId]);
    return true;
  }
}

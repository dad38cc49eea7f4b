import { rows } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { TokenDigest } from '../credentials/token-digest.js';
import { deviceMemorySeconds } from './session-limits.js';

const prefix = 'cnv_dev_';
const shape = /^cnv_dev_[A-Za-z0-9_-]{43}$/;

/** Browsers that are kept of one person, the last used first. */
const mostDevices = 100;

/**
 * The browsers that people have signed in with. Each holds a random token in a cookie of its own; whoever knows somebody's address and
 * copies their User-Agent has none. The token is a new one at every sign-in, so that one planted or stolen before is worth nothing.
 */
@Injectable()
export class KnownDevices {
  constructor(
    private readonly digest: TokenDigest,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Whether this person signed in with this browser within a month. */
  async knows(em: EntityManager, userId: string, token: string): Promise<boolean> {
    const since = this.clock.after(-deviceMemorySeconds);
    const found = await rows<object>(
      em,
      'select 1 from known_device where digest = ? and user_id = ? and last_used_at > ?',
      [this.digest.of(shape.test(token) ? token : ''), userId, since],
    );
    return found.length > 0;
  }

  /** The browser is this person's from now on, under a new token; others who share it stay known under it too. */
  async renew(em: EntityManager, userId: string, former: string): Promise<string> {
    const token = this.ids.randomToken(prefix);
    const digest = this.digest.of(token);
    const now = this.clock.now();
    if (shape.test(former))
      await em.execute('update known_device set digest = ?, updated_at = ? where digest = ?', [
        digest,
        now,
        this.digest.of(former),
      ]);
    await em.execute(
      `insert into known_device (digest, user_id, last_used_at, created_at, updated_at) values (?, ?, ?, ?, ?)
        on conflict (digest, user_id) do update set last_used_at = excluded.last_used_at, updated_at = excluded.updated_at`,
      [digest, userId, now, now, now],
    );
    await em.execute(
      `delete from known_device where user_id = ? and (last_used_at < ? or digest not in
         (select digest from known_device where user_id = ? order by last_used_at desc limit ${mostDevices}))`,
      [userId, this.clock.after(-deviceMemorySeconds), userId],
    );
    return token;
  }

  /** None of this person's browsers is known any more. */
  async forget(em: EntityManager, userId: string): Promise<void> {
    await em.execute('delete from known_device where user_id = ?', [userId]);
  }
}

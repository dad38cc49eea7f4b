import { rows } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { TokenDigest } from '../credentials/token-digest.js';

/** Codes that a person has, and characters of Crockford base32 in each: 50 bits. */
const howMany = 10;
const [groups, size] = [2, 5];

/** The codes for the day on which the phone is gone. Only digests stay, and each goes when it is used. */
@Injectable()
export class RecoveryCodes {
  constructor(
    private readonly digest: TokenDigest,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** New ones in the place of the old, within the transaction of `em`; shown once. */
  async renew(em: EntityManager, userId: string): Promise<string[]> {
    await this.drop(em, userId);
    const codes = Array.from({ length: howMany }, () => this.ids.code(groups, size));
    const now = this.clock.now();
    for (const code of codes)
      await em.execute('insert into recovery_code (digest, user_id, created_at) values (?, ?, ?)', [
        this.digestOf(userId, code),
        userId,
        now,
      ]);
    return codes;
  }

  /** Uses one up; false where it is none of this person's. One statement: of many at once one wins. */
  async use(em: EntityManager, userId: string, typed: string): Promise<boolean> {
    const used = await rows<object>(em, 'delete from recovery_code where digest = ? and user_id = ? returning 1', [
      this.digestOf(userId, typed),
      userId,
    ]);
    return used.length > 0;
  }

  async drop(em: EntityManager, userId: string): Promise<void> {
    await em.execute('delete from recovery_code where user_id = ?', [userId]);
  }

  async left(em: EntityManager, userId: string): Promise<number> {
    const [row] = await rows<{ n: number }>(em, 'select count(*)::int as n from recovery_code where user_id = ?', [
      userId,
    ]);
    return row?.n ?? 0;
  }

  /** However it was copied: without grouping, and with the doubles that Crockford's alphabet leaves out read as what they look like. */
  private digestOf(userId: string, typed: string): Buffer {
    const plain = typed
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[\s\p{Pd}]/gu, '')
      .replaceAll('o', '0')
      .replaceAll(/[il]/g, '1');
    return this.digest.of(JSON.stringify(['recovery code', userId, plain]));
  }
}

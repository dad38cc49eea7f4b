import type { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { assertRecordable, type AuditEntry, GENESIS, hashOf } from './audit-entry.js';

/** Writes the record: each row carries the hash of the one before it. Inject it by this class (`AuditModule`). */
export class Audit {
  constructor(private readonly clock: Clock) {}

  /**
   * Adds an entry in the open transaction of `em`: it is on record exactly when the change is. Writers queue on a lock
   * until the end of the transaction, so call it last.
   */
  async append(em: EntityManager, entry: AuditEntry): Promise<void> {
    if (!em.isInTransaction()) throw new Error('Audit.append needs a transaction');
    assertRecordable(entry);
    await em.execute(`select pg_advisory_xact_lock(hashtextextended('conclave.audit', 0))`, [], 'run');
    const [last] = await em.execute<{ seq: string; hash: string }[]>(
      `select seq::text as seq, encode(hash, 'hex') as hash from audit order by audit.seq desc limit 1`,
    );
    const link = {
      seq: BigInt(last?.seq ?? 0) + 1n,
      at: this.clock.now().toISOString(),
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject,
      detail: entry.detail ?? {},
      prevHash: last ? Buffer.from(last.hash, 'hex') : GENESIS,
    };
    await em.execute(
      `insert into audit (seq, at, actor, action, subject, detail, prev_hash, hash)
       values (?::bigint, ?::timestamptz, ?, ?, ?, ?::jsonb, decode(?, 'hex'), decode(?, 'hex'))`,
      [
        link.seq.toString(),
        link.at,
        link.actor,
        link.action,
        link.subject,
        JSON.stringify(link.detail),
        link.prevHash.toString('hex'),
        hashOf(link).toString('hex'),
      ],
      'run',
    );
  }
}

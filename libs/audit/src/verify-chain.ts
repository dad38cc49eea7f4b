import type { EntityManager } from '@mikro-orm/postgresql';
import { type AuditDetail, GENESIS, hashOf } from './audit-entry.js';

/** What a look at the whole chain found. */
export type ChainReport =
  | {
      readonly intact: true;
      readonly rows: bigint;
      /** Hash of the last row, for a checkpoint elsewhere. */ readonly head: string;
    }
  | { readonly intact: false; /** The first row that does not fit. */ readonly brokenAt: bigint };

interface Row {
  seq: string;
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: AuditDetail | string;
  prev_hash: string;
  hash: string;
}

const PAGE = 1000;

/**
 * Recomputes every hash from the first row on. Finds any row that was changed, added, moved or taken out from between;
 * rows cut off at the end show only against a checkpoint (`rows`, `head`) kept outside of this database.
 */
export async function verifyChain(em: EntityManager): Promise<ChainReport> {
  let seq = 0n;
  let head: Buffer = GENESIS;
  for (;;) {
    const rows = await page(em, seq);
    for (const row of rows) {
      const detail = (typeof row.detail === 'string' ? JSON.parse(row.detail) : row.detail) as AuditDetail;
      const expected = hashOf({ ...row, seq: seq + 1n, detail, prevHash: head });
      const fits =
        BigInt(row.seq) === seq + 1n && row.prev_hash === head.toString('hex') && row.hash === expected.toString('hex');
      if (!fits) return { intact: false, brokenAt: seq + 1n };
      seq += 1n;
      head = expected;
    }
    if (rows.length < PAGE) return { intact: true, rows: seq, head: head.toString('hex') };
  }
}

const page = (em: EntityManager, after: bigint): Promise<Row[]> =>
  em.fork().execute<Row[]>(
    `select seq::text as seq, to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, actor, action, subject,
            detail, encode(prev_hash, 'hex') as prev_hash, encode(hash, 'hex') as hash
       from audit where audit.seq > ?::bigint order by audit.seq limit ?`,
    [after.toString(), PAGE],
  );

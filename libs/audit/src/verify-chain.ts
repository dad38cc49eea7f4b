import { type AuditDetail, GENESIS, hashOf } from './audit-entry.js';

/** What a chain looked like at some moment, kept outside of its database: only so rows cut off at the end show. */
export interface Checkpoint {
  /** The last row at that moment. */
  readonly seq: bigint;
  /** Its hash, in hex. */
  readonly hash: string;
}

/** How the first bad row does not fit. */
export type ChainFault =
  /** There is no row of this number, and there are later ones. */
  | { readonly kind: 'missing'; readonly next: bigint }
  /** It does not point back to the row before it: rows changed places, or were put in or taken out. */
  | { readonly kind: 'unlinked' }
  /** Its fields are not those that its hash was made of. */
  | { readonly kind: 'changed' }
  /** It fits what is there, and not the checkpoint: the chain was written anew. */
  | { readonly kind: 'rewritten' }
  /** The chain ends before a checkpoint. */
  | { readonly kind: 'cut-off' };

/** What a look at the whole chain found. */
export type ChainReport =
  | {
      readonly intact: true;
      readonly rows: bigint;
      /** Hash of the last row, for a checkpoint elsewhere. */
      readonly head: string;
    }
  | {
      readonly intact: false;
      /** The first row that does not fit. */ readonly brokenAt: bigint;
      readonly fault: ChainFault;
    };

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

/** Runs a query that holds no values, on whatever connection: `em.execute`, or `client.query`. */
export type RowReader = (sql: string) => Promise<unknown[]>;

const pageRows = 1000;

/**
 * Recomputes every hash from the first row on. Finds any row that was changed, added, moved or taken out from between; rows cut
 * off at the end, and a chain that somebody wrote anew, show only against checkpoints.
 */
export async function verifyChain(read: RowReader, checkpoints: readonly Checkpoint[] = []): Promise<ChainReport> {
  const expected = new Map(checkpoints.map(({ seq, hash }) => [seq, hash]));
  let seq = 0n;
  let head: Buffer = GENESIS;
  for (;;) {
    const rows = await page(read, seq);
    for (const row of rows) {
      const fault = faultOf(row, seq + 1n, head, expected.get(seq + 1n));
      if (fault) return { intact: false, brokenAt: seq + 1n, fault };
      seq += 1n;
      head = Buffer.from(row.hash, 'hex');
    }
    if (rows.length < pageRows) break;
  }
  if (checkpoints.some((checkpoint) => checkpoint.seq > seq))
    return { intact: false, brokenAt: seq + 1n, fault: { kind: 'cut-off' } };
  return { intact: true, rows: seq, head: head.toString('hex') };
}

function faultOf(row: Row, seq: bigint, head: Buffer, checkpoint: string | undefined): ChainFault | undefined {
  if (BigInt(row.seq) !== seq) return { kind: 'missing', next: BigInt(row.seq) };
  if (row.prev_hash !== head.toString('hex')) return { kind: 'unlinked' };
  const detail = (typeof row.detail === 'string' ? JSON.parse(row.detail) : row.detail) as AuditDetail;
  const hash = hashOf({ ...row, seq, detail, prevHash: head }).toString('hex');
  if (row.hash !== hash) return { kind: 'changed' };
  return checkpoint !== undefined && checkpoint !== hash ? { kind: 'rewritten' } : undefined;
}

const page = (read: RowReader, after: bigint): Promise<Row[]> =>
  read(
    `select seq::text as seq, to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, actor, action, subject,
            detail, encode(prev_hash, 'hex') as prev_hash, encode(hash, 'hex') as hash
       from audit where audit.seq > ${after} order by audit.seq limit ${pageRows}`,
  ) as Promise<Row[]>;

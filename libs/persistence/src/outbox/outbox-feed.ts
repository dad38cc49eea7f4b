import { DomainError, invalidArgument } from '@conclave/errors';
import type { EntityManager } from '@mikro-orm/postgresql';

/** One event as it stands in the outbox. */
export interface OutboxRow {
  /** UUIDv7. */
  readonly id: string;
  readonly type: string;
  readonly payload: Record<string, unknown>;
  readonly occurredAt: Date;
}

/** A page of events; `next` is the cursor behind it, the given one when there are none. */
export interface FeedPage<E = OutboxRow> {
  readonly events: readonly E[];
  readonly next: string;
}

interface Row {
  id: string;
  xid: string;
  type: string;
  payload: Record<string, unknown> | string;
  occurred_at: string;
}

const MAX_LIMIT = 500;
const CURSOR = /^(\d{1,20})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** What this service announced, for others to pull. Inject it by this class. */
export class OutboxFeed {
  constructor(private readonly em: EntityManager) {}

  /**
   * Events after a cursor (empty or undefined: from the start), oldest first, only those behind which no transaction
   * can still commit.
   *
   * @throws DomainError INVALID_ARGUMENT for a cursor that is not ours or a limit outside 1 to 500
   */
  async list({ after, limit }: { after?: string | undefined; limit: number }): Promise<FeedPage> {
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw invalidArgument('limit');
    const [xid, id] = parseCursor(after);
    const rows = await this.em.fork().execute<Row[]>(
      // Qualified in `order by`: a bare `xid` would mean the text of the select list, and '1000' sorts before '999'.
      `select id, xid::text as xid, type, payload, to_char(occurred_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as occurred_at
         from outbox
        where outbox.xid < pg_snapshot_xmin(pg_current_snapshot()) and (outbox.xid, outbox.id) > (?::xid8, ?::uuid)
        order by outbox.xid, outbox.id
        limit ?`,
      [xid, id, limit],
    );
    const last = rows.at(-1);
    return { events: rows.map(toEvent), next: last ? encodeCursor(last) : (after ?? '') };
  }
}

function toEvent(row: Row): OutboxRow {
  const payload: unknown = typeof row.payload === 'string' ? JSON.parse(row.payload) : row.payload;
  if (typeof payload !== 'object' || payload === null) throw new DomainError('INTERNAL', { message: 'outbox payload' });
  return {
    id: row.id,
    type: row.type,
    payload: payload as Record<string, unknown>,
    occurredAt: new Date(row.occurred_at),
  };
}

const encodeCursor = ({ xid, id }: Row): string => Buffer.from(`${xid}.${id}`).toString('base64url');

function parseCursor(cursor: string | undefined): [xid: string, id: string] {
  if (!cursor) return ['0', '00000000-0000-0000-0000-000000000000'];
  const [, xid, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (!xid || !id || BigInt(xid) >= 1n << 64n) throw invalidArgument('after', 'not a cursor of this feed');
  return [xid, id];
}

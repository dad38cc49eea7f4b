import type pg from 'pg';
import type { DatabaseName } from './databases.js';

/** Who follows whose outbox; the cursor is named after the source. */
const feeds = [
  { source: 'auth', consumers: ['rooms'] },
  { source: 'rooms', consumers: ['files'] },
  { source: 'files', consumers: ['rooms'] },
] as const;

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

interface Position {
  readonly xid: string;
  readonly id: string;
}

const decode = (cursor: string): Position | null => {
  const [xid, id] = Buffer.from(cursor, 'base64url').toString('latin1').split('.');
  return xid && id ? { xid, id } : null;
};
const encode = ({ xid, id }: Position): string => Buffer.from(`${xid}.${id}`).toString('base64url');

/**
 * Numbers the events anew. An outbox is ordered by the transactions that wrote it, and a new server counts transactions
 * from the start: restored as they are, events would lie in its future and nobody would hear of them, or of new ones.
 * What every follower has behind it becomes transaction 1, the rest 2, 3 … in the same order; each cursor stays between
 * the same two events.
 *
 * @returns the highest number given, which the server must have passed before the events are seen
 */
export async function renumberFeeds(clients: ReadonlyMap<DatabaseName, pg.Client>): Promise<Map<DatabaseName, bigint>> {
  const highest = new Map<DatabaseName, bigint>();
  for (const { source, consumers } of feeds) {
    const outbox = required(clients, source);
    const cursors = await cursorsOf(
      consumers.map((name) => required(clients, name)),
      source,
    );
    const behind = await Promise.all(cursors.map(({ position }) => countUpTo(outbox, position)));
    const settled = behind.length > 0 ? behind.reduce((low, n) => (n < low ? n : low)) : 0;
    await outbox.query(
      `update outbox set xid = ranked.fresh::text::xid8
         from (select xid, id, greatest(1, row_number() over (order by xid, id) - $1::bigint + 1) as fresh from outbox) ranked
        where outbox.xid = ranked.xid and outbox.id = ranked.id`,
      [settled],
    );
    for (const [at, { client, position }] of cursors.entries()) {
      const passed = behind[at] ?? 0;
      if (!position || passed === 0) {
        await client.query(`update feed_cursor set cursor = '' where name = $1`, [source]);
        continue;
      }
      const fresh = passed <= settled ? { xid: '1', id: lastId } : await nth(outbox, passed);
      await client.query('update feed_cursor set cursor = $1 where name = $2', [encode(fresh), source]);
    }
    const { rows } = await outbox.query<{ max: string }>(
      `select coalesce(max(xid::text::bigint), 0)::text as max from outbox`,
    );
    highest.set(source, BigInt(rows[0]?.max ?? 0));
  }
  return highest;
}

/** Lets a server count past a number: each turn of the loop is a transaction of its own. */
export async function passTransactions(client: pg.Client, number: bigint): Promise<void> {
  const { rows } = await client.query<{ next: string }>('select pg_snapshot_xmax(pg_current_snapshot())::text as next');
  const missing = number - BigInt(rows[0]?.next ?? 0) + 1n;
  if (missing <= 0n) return;
  await client.query(`do $$ begin for i in 1..${missing} loop perform pg_current_xact_id(); commit; end loop; end $$`);
}

async function cursorsOf(
  clients: readonly pg.Client[],
  source: string,
): Promise<{ client: pg.Client; position: Position | null }[]> {
  const found = [];
  for (const client of clients) {
    const { rows } = await client.query<{ cursor: string }>('select cursor from feed_cursor where name = $1', [source]);
    for (const { cursor } of rows) found.push({ client, position: decode(cursor) });
  }
  return found;
}

async function countUpTo(outbox: pg.Client, position: Position | null): Promise<number> {
  if (!position) return 0;
  const { rows } = await outbox.query<{ n: string }>(
    'select count(*)::text as n from outbox where (xid, id) <= ($1::xid8, $2::uuid)',
    [position.xid, position.id],
  );
  return Number(rows[0]?.n ?? 0);
}

async function nth(outbox: pg.Client, place: number): Promise<Position> {
  const { rows } = await outbox.query<Position>(
    'select xid::text as xid, id::text as id from outbox order by outbox.xid, outbox.id offset $1 limit 1',
    [place - 1],
  );
  const [row] = rows;
  if (!row) throw new Error('an outbox shrank while its events were numbered');
  return row;
}

function required(clients: ReadonlyMap<DatabaseName, pg.Client>, name: DatabaseName): pg.Client {
  const client = clients.get(name);
  if (!client) throw new Error(`no connection ${name}`);
  return client;
}

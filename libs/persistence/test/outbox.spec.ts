import {
  NoWakeUp,
  type Orm,
  Outbox,
  OutboxFeed,
  type OutboxRow,
  OutboxWakeUp,
  Transaction,
} from '@conclave/persistence';
import { Ids, SystemClock } from '@conclave/platform';
import type { TestDatabase } from '@conclave/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { migratedDatabase } from './fixtures/database.js';

let database: TestDatabase;
let orm: Orm;
let transaction: Transaction;
let feed: OutboxFeed;
const ids = new Ids(new SystemClock());
const outbox = new Outbox(ids, new NoWakeUp());

beforeAll(async () => {
  ({ database, orm } = await migratedDatabase());
  transaction = new Transaction(orm);
  feed = new OutboxFeed(orm.em);
}, 60_000);
afterEach(() => orm.em.fork().execute('truncate outbox'));

const announce = (...numbers: number[]) =>
  transaction.run(async (em) => {
    for (const n of numbers) await outbox.add(em, number(n));
  });

/** An event that is told by its number. */
const number = (n: number) => ({ case: 'accountRenamed', value: { userId: String(n) } }) as const;
const numberOf = ({ payload }: OutboxRow) => Number(payload['userId'] ?? payload['n']);

/** Other databases of the same server have transactions too, and hold the horizon back: until so many have come, and no more do. */
async function pullAll(count: number, limit = 100): Promise<unknown[]> {
  const seen: unknown[] = [];
  let after = '';
  for (let empty = 0; empty < 20 || seen.length < count;) {
    const { events, next } = await feed.list({ after, limit });
    seen.push(...events.map(numberOf));
    after = next;
    if (events.length > 0) continue;
    empty += 1;
    await pause(10);
  }
  return seen;
}

describe('the outbox', () => {
  it('gives events in order, page by page, each once', async () => {
    await announce(1, 2, 3);
    await announce(4);
    await announce(5, 6);
    expect(await pullAll(6, 2)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('tells what, when and with which facts', async () => {
    const before = Date.now();
    await transaction.run((em) => outbox.add(em, { case: 'roomDeleted', value: { roomId: 'r1' } }));
    await pullAll(1);
    const { events } = await feed.list({ after: undefined, limit: 10 });
    expect(events).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        type: 'room.deleted',
        payload: { roomId: 'r1' },
        occurredAt: expect.any(Date),
      },
    ]);
    expect(Number(events[0]?.occurredAt)).toBeGreaterThanOrEqual(before);
    expect(Number(events[0]?.occurredAt)).toBeLessThanOrEqual(Date.now());
  });

  it('what is undone was never announced', async () => {
    await expect(
      transaction.run(async (em) => {
        await outbox.add(em, number(1));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await pullAll(0)).toEqual([]);
  });

  it('a transaction that commits late is not skipped', async () => {
    const late = await database.connect();
    await late.query('begin');
    await late.query(`insert into outbox (id, type, payload) values ($1, 'number', '{"n": 1}')`, [ids.uuidv7()]);
    await announce(2); // begins later, commits earlier
    const early = await feed.list({ after: '', limit: 10 });
    expect(early.events).toEqual([]); // 2 is there, but a reader that took it would never see 1
    await late.query('commit');
    expect(await pullAll(2)).toEqual([1, 2]);
  });

  it('transactions keep their order where their number gets another digit', async () => {
    const client = await database.connect();
    for (const xid of ['99', '7', '100', '8', '10', '9']) {
      const values = [ids.uuidv7(), xid, JSON.stringify({ n: Number(xid) })];
      await client.query(`insert into outbox (id, xid, type, payload) values ($1, $2, 'number', $3)`, values);
    }
    expect(await pullAll(6, 1)).toEqual([7, 8, 9, 10, 99, 100]);
    expect(await pullAll(6, 4)).toEqual([7, 8, 9, 10, 99, 100]);
  });

  it('many writers that commit in any order: a reader that follows misses none and sees none twice', async () => {
    const seen: unknown[] = [];
    let after = '';
    let writing = true;
    let written = Infinity;
    const reader = (async () => {
      for (let empty = 0; empty < 20 || seen.length < written;) {
        const page = await feed.list({ after, limit: 7 });
        seen.push(...page.events.map(numberOf));
        after = page.next;
        if (page.events.length === 0) {
          if (!writing) empty += 1;
          await pause(5);
        }
      }
    })();
    const writers = [0, 1, 2, 3, 4].map(async (writer) => {
      const client = await database.connect();
      for (let i = 0; i < 30; i += 1) {
        await client.query('begin');
        const values = [ids.uuidv7(), JSON.stringify({ n: writer * 1000 + i })];
        await client.query(`insert into outbox (id, type, payload) values ($1, 'number', $2)`, values);
        await pause(Math.random() * 8);
        await client.query(Math.random() < 0.15 ? 'rollback' : 'commit');
      }
    });
    await Promise.all(writers);
    const rows = await orm.em.fork().execute<{ n: number }[]>(`select (payload->>'n')::int as n from outbox`);
    written = rows.length;
    writing = false;
    await reader;
    expect(seen.length).toBe(rows.length);
    expect(new Set(seen)).toEqual(new Set(rows.map(({ n }) => n)));
  });

  it('readers are woken once the event is there, and not for what is undone', async () => {
    const woken: number[] = [];
    class Wake extends OutboxWakeUp {
      async wake(): Promise<void> {
        const [row] = await orm.em.fork().execute<{ count: number }[]>('select count(*)::int as count from outbox');
        woken.push(row?.count ?? -1);
      }
    }
    const waking = new Outbox(ids, new Wake());
    await transaction.run((em) => waking.add(em, number(1)));
    await transaction
      .run(async (em) => {
        await waking.add(em, number(2));
        throw new Error('undone');
      })
      .catch(() => undefined);
    // It is not waited for by the commit that it follows.
    while (woken.length === 0) await pause(10);
    expect(woken).toEqual([1]);
  });

  it('nothing is announced outside of a transaction', async () => {
    await expect(outbox.add(orm.em.fork(), number(1))).rejects.toThrow('needs a transaction');
  });

  it.each([
    'x',
    'MS4y',
    Buffer.from('99999999999999999999.0195f3a4-7c00-7000-8000-000000000001').toString('base64url'),
    `' or 1=1`,
  ])('a cursor that is not ours is refused: %s', async (after) => {
    await expect(feed.list({ after, limit: 1 })).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT' });
  });
});

import {
  FeedConsumer,
  type FeedConsumerOptions,
  NoWakeUp,
  type Orm,
  Outbox,
  OutboxFeed,
  type OutboxRow,
  Transaction,
} from '@conclave/persistence';
import { createLogger, Ids, Metrics, silentLogger, SystemClock } from '@conclave/platform';
import { onFileEnd, type TestDatabase } from '@conclave/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { migratedDatabase } from './fixtures/database.js';

let database: TestDatabase;
let source: { database: TestDatabase; orm: Orm };
let orm: Orm;
let transaction: Transaction;
let feed: OutboxFeed;
let publish: (...numbers: number[]) => Promise<void>;
const outbox = new Outbox(new Ids(new SystemClock()), new NoWakeUp());

beforeAll(async () => {
  source = await migratedDatabase();
  ({ database, orm } = await migratedDatabase());
  transaction = new Transaction(orm);
  feed = new OutboxFeed(source.orm.em);
  const writing = new Transaction(source.orm);
  publish = (...numbers) =>
    writing.run(async (em) => {
      for (const n of numbers) await outbox.add(em, { case: 'accountRenamed', value: { userId: String(n) } });
    });
}, 60_000);
beforeEach(async () => {
  await source.orm.em.fork().execute('truncate outbox');
  await orm.em.fork().execute('truncate feed_cursor, effect');
});

const started: FeedConsumer<OutboxRow>[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((consumer) => consumer.stop()));
});

function consumer(over: Partial<FeedConsumerOptions<OutboxRow>> = {}): FeedConsumer<OutboxRow> {
  const made = new FeedConsumer({
    name: 'numbers',
    pull: (after, limit) => feed.list({ after, limit }),
    handle: (em, event) => effect(em, event),
    transaction,
    logger: silentLogger(),
    metrics: new Metrics('rooms'),
    sweepMs: 60_000,
    ...over,
  });
  started.push(made);
  return made;
}

async function effect(
  em: { execute(sql: string, values: unknown[]): Promise<unknown> },
  event: OutboxRow,
): Promise<void> {
  await em.execute('insert into effect (event_id, made_by) values (?, ?)', [event.id, String(event.payload['userId'])]);
}

async function effects(): Promise<string[]> {
  const rows = await orm.em.fork().execute<{ made_by: string }[]>('select made_by from effect order by event_id');
  return rows.map(({ made_by }) => made_by);
}

/** Less than the sweep of a consumer that is not about sweeps: what happens here was not found by it. */
async function until(condition: () => Promise<boolean>, withinMs = 40_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('did not happen in time');
    await pause(20);
  }
}
const untilEffects = (count: number, withinMs?: number) =>
  until(async () => (await effects()).length >= count, withinMs);

describe('FeedConsumer', () => {
  it('handles what is there at the start, then what it is woken for, without a sweep', async () => {
    await publish(1, 2);
    const metrics = new Metrics('rooms');
    const follower = consumer({ metrics });
    follower.start();
    await untilEffects(2);
    await publish(3);
    follower.wake();
    await untilEffects(3);
    expect(await effects()).toEqual(['1', '2', '3']);
    // Counted once it is committed, which others see a moment before.
    await until(async () => (await metrics.text()).includes('feed_events_total{feed="numbers"} 3'));
  });

  it('an event that was hidden at its wake-up is found soon after', async () => {
    const follower = consumer();
    follower.start();
    await pause(200);
    const older = await source.database.connect();
    await older.query('begin');
    await older.query('select pg_current_xact_id()'); // an older transaction, still open
    await publish(1);
    follower.wake();
    await pause(300);
    expect(await effects()).toEqual([]);
    await older.query('commit'); // nobody wakes for this one
    await untilEffects(1);
  });

  it('a sweep finds what no wake-up told of', async () => {
    consumer({ sweepMs: 100 }).start();
    await pause(150);
    await publish(1);
    await untilEffects(1);
  });

  it('the cursor moves with the effect or not at all', async () => {
    await publish(1, 2, 3);
    await untilVisible(3);
    let fail = true;
    const follower = consumer({
      handle: async (em, event) => {
        await effect(em, event);
        if (fail && event.payload['userId'] === '2') throw new Error('after the effect');
      },
    });
    expect(await follower.runOnce()).toBe(false);
    expect(await effects()).toEqual([]);
    fail = false;
    expect(await follower.runOnce()).toBe(true);
    expect(await effects()).toEqual(['1', '2', '3']);
  });

  it('a bad event is tried again and logged once; good ones before it get through, none behind it is skipped to', async () => {
    await publish(1, 2, 3);
    await untilVisible(3);
    let text = '';
    const logger = createLogger('rooms', { destination: { write: (line) => void (text += line) } });
    let attempts = 0;
    let healed = false;
    const follower = consumer({
      logger,
      backOffMs: 5,
      handle: async (em, event) => {
        if (event.payload['userId'] === '2' && !healed) {
          attempts += 1;
          throw new Error('the canary is in the message');
        }
        await effect(em, event);
      },
    });
    follower.start();
    await until(async () => attempts >= 4);
    expect(await effects()).toEqual(['1']);
    healed = true;
    await untilEffects(3);
    expect(await effects()).toEqual(['1', '2', '3']);
    expect(text.match(/feed event failed/g)).toHaveLength(1);
    expect(text).not.toContain('canary');
    expect(text).toContain('feed goes on');
  });

  it('wake-ups do not turn a bad event into a hot loop', async () => {
    await publish(1);
    await untilVisible(1);
    let attempts = 0;
    const follower = consumer({
      backOffMs: 60_000, // longer than any machine takes for this
      handle: () => {
        attempts += 1;
        return Promise.reject(new Error('no'));
      },
    });
    follower.start();
    await until(async () => attempts === 1);
    for (let i = 0; i < 30; i += 1) {
      follower.wake();
      await pause(10);
    }
    expect(attempts).toBe(1);
  });

  it('a source that does not answer is tried again', async () => {
    let calls = 0;
    await publish(1);
    const follower = consumer({
      backOffMs: 10,
      pull: (after, limit) => {
        calls += 1;
        return calls < 3 ? Promise.reject(new Error('unreachable')) : feed.list({ after, limit });
      },
    });
    follower.start();
    await until(async () => calls >= 3);
    follower.wake();
    await untilEffects(1);
  });

  it('two at once handle each event once', async () => {
    await publish(...Array.from({ length: 60 }, (_, n) => n));
    await untilVisible(60);
    const replicas = [1, 2, 3].map(() => consumer({ batch: 3, sweepMs: 20 }));
    for (const replica of replicas) replica.start();
    await untilEffects(60);
    await pause(100);
    expect((await effects()).map(Number)).toEqual(Array.from({ length: 60 }, (_, n) => n));
  });

  it('stop waits for the transaction that runs', async () => {
    await publish(1);
    await untilVisible(1);
    let handling = false;
    const follower = consumer({
      handle: async (em, event) => {
        handling = true;
        await pause(100);
        await effect(em, event);
      },
    });
    follower.start();
    await until(async () => handling);
    await follower.stop();
    expect(await effects()).toEqual(['1']);
  });

  it('each effect happens once although the replicas are killed again and again', async () => {
    const total = 150;
    const replicas = new Map<number, ChildProcess>();
    onFileEnd(() => replicas.forEach((child) => child.kill('SIGKILL')));
    [0, 1].forEach((place) => replicas.set(place, replica(place)));
    const publishing = (async () => {
      for (let n = 0; n < total; n += 3) {
        await publish(n, n + 1, n + 2);
        await pause(40);
      }
    })();
    let kills = 0;
    while (kills < 8) {
      await pause(500 + Math.random() * 300);
      const place = kills % 2;
      const child = replicas.get(place);
      child?.kill('SIGKILL');
      if (child) await once(child, 'exit');
      kills += 1;
      replicas.set(place, replica(place));
    }
    await publishing;
    // On a busy machine the last two take a while to start.
    await until(async () => (await effects()).length >= total, 90_000);
    await pause(300);
    for (const child of replicas.values()) child.kill('SIGKILL');
    const rows = await orm.em
      .fork()
      .execute<{ events: number; effects: number }[]>(
        'select count(distinct event_id)::int as events, count(*)::int as effects from effect',
      );
    expect(rows).toEqual([{ events: total, effects: total }]);
  }, 180_000);
});

/** Until the horizon of the server has passed what was published. */
async function untilVisible(count: number): Promise<void> {
  await until(async () => (await feed.list({ after: '', limit: 500 })).events.length >= count);
}

function replica(place: number): ChildProcess {
  const script = fileURLToPath(new URL('./fixtures/consumer-process.ts', import.meta.url));
  const hooks = new URL('../../testing/run-sources.mjs', import.meta.url).href;
  const facts = [`replica-${place}`, source.database.url, database.url, database.password];
  return spawn(process.execPath, ['--import', hooks, script, ...facts], { stdio: 'inherit' });
}

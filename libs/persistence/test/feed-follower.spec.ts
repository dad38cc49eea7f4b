import { common, create, eventFromJson, timestampFromDate } from '@conclave/contracts';
import { Bus } from '@conclave/messaging';
import {
  type FeedEvent,
  FeedFollower,
  NoWakeUp,
  type Orm,
  Outbox,
  OutboxFeed,
  Transaction,
} from '@conclave/persistence';
import { createLogger, Ids, Metrics, SystemClock } from '@conclave/platform';
import { testNats, type TestNats } from '@conclave/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { migratedDatabase } from './fixtures/database.js';

let orm: Orm;
let nats: TestNats;
let bus: Bus;
let follower: FeedFollower;
let lines: string;

beforeAll(async () => {
  ({ orm } = await migratedDatabase());
  nats = await testNats();
  bus = await Bus.connect({ url: nats.url, seed: nats.seeds.rooms, service: 'rooms' });
}, 60_000);
beforeEach(() => {
  lines = '';
  const logger = createLogger('rooms', { destination: { write: (line) => void (lines += line) } });
  follower = new FeedFollower(bus, new Transaction(orm), logger, new Metrics('rooms'));
});
afterEach(() => follower.beforeApplicationShutdown());
afterAll(async () => {
  await bus.close();
  await nats.stop();
});

const wire = (type: string, event: common.FeedEvent['event']) =>
  create(common.FeedEventSchema, { id: crypto.randomUUID(), type, event, occurredAt: timestampFromDate(new Date()) });

/** Follows a feed of these events; what was handled, and the lines of the log. */
function follow(name: string, events: readonly common.FeedEvent[]) {
  const handled: FeedEvent['event'][] = [];
  const listEvents = ({ after, limit }: { after: string; limit: number }) => {
    const page = events.slice(Number(after), Number(after) + limit);
    return Promise.resolve({ events: page, next: String(Number(after) + page.length) });
  };
  const handle = async (_em: unknown, { event }: FeedEvent) => void handled.push(event);
  follower.follow({ name, feed: { listEvents }, hints: [], handle });
  return handled;
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 40_000; !condition(); await pause(20))
    if (Date.now() > end) throw new Error('did not happen in time');
}

describe('a feed', () => {
  it('gives typed events, and goes on behind a kind of a later release', async () => {
    const renamed = eventFromJson<common.FeedEvent>(common.FeedEventSchema, 'account.renamed', { userId: 'u1' });
    const handled = follow('typed', [wire('hand.raised', { case: undefined }), wire('account.renamed', renamed)]);
    await until(() => handled.length === 1);
    expect(handled).toMatchObject([{ case: 'accountRenamed', value: { userId: 'u1' } }]);
    expect(lines).not.toContain('feed event failed');
  });

  it('is held by a known kind without its facts, as a release before this one sends it', async () => {
    const handled = follow('held', [wire('session.revoked', { case: undefined })]);
    await until(() => lines.includes('feed event failed'));
    expect(handled).toEqual([]);
  });

  it('reads rows that a release before this one wrote', async () => {
    const transaction = new Transaction(orm);
    const old = { userId: 'u1', sessionIds: ['s1', 's2'], later: true };
    await transaction.run(async (em) => {
      const values = [crypto.randomUUID(), 'session.revoked', JSON.stringify(old)];
      await em.execute('insert into outbox (id, type, payload) values (?, ?, ?::jsonb)', values);
    });
    const outbox = new Outbox(new Ids(new SystemClock()), new NoWakeUp());
    await transaction.run((em) =>
      outbox.add(em, { case: 'sessionRevoked', value: { userId: 'u1', sessionIds: ['s1', 's2'] } }),
    );
    const feed = new OutboxFeed(orm.em);
    for (let rows = (await feed.list({ limit: 10 })).events; ; rows = (await feed.list({ limit: 10 })).events) {
      if (rows.length < 2) continue; // other databases of the server hold the horizon back for a moment
      const read = rows.map(({ type, payload }) =>
        eventFromJson<common.FeedEvent>(common.FeedEventSchema, type, payload),
      );
      expect(read[0]).toEqual(read[1]);
      expect(read[0]).toMatchObject({ case: 'sessionRevoked', value: { userId: 'u1', sessionIds: ['s1', 's2'] } });
      return;
    }
  });
});

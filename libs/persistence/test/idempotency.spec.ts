import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '@conclave/errors';
import { type Orm, RepeatableCalls, Transaction } from '@conclave/persistence';
import { createLogger } from '@conclave/platform';
import { migratedDatabase } from './fixtures/database.js';

let orm: Orm;
let transaction: Transaction;
let calls: RepeatableCalls;
beforeAll(async () => {
  ({ orm } = await migratedDatabase());
  transaction = new Transaction(orm);
  calls = new RepeatableCalls(transaction, Buffer.alloc(32, 7), createLogger('spec', { level: 'error' }));
}, 60_000);
afterAll(() => calls.onApplicationShutdown());

let effects = 0;
beforeEach(async () => {
  effects = 0;
  await orm.em.fork().execute('truncate idempotency');
});

const actIn = async (own: Transaction): Promise<Uint8Array> => {
  const made = await own.run(async (em) => {
    await em.execute('select 1');
    await pause(30);
    return ++effects;
  });
  return Buffer.from([0, 255, made]);
};

const act = () => actIn(transaction);

interface Facts {
  readonly key?: string;
  readonly userId?: string;
  readonly method?: string;
  readonly request?: string;
  readonly waitMs?: number;
}
const call = (facts: Facts = {}, work = act): Promise<Uint8Array> => {
  const { key = 'k1', userId = 'u1', method = 'Create', request = 'a room', waitMs = 30_000 } = facts;
  const deadline = new Date(Date.now() + waitMs);
  return calls.once({ key, userId, method, request: Buffer.from(request), deadline }, work);
};
const rows = () => orm.em.fork().execute<{ row: string }[]>('select i::text as row from idempotency i');

describe('repeatable calls', () => {
  it('answer a repeat with the same bytes and have no second effect', async () => {
    expect([...(await call())]).toEqual([0, 255, 1]);
    expect([...(await call())]).toEqual([0, 255, 1]);
    expect(effects).toBe(1);
  });

  it('that come at once have one effect and one answer, in two replicas too', async () => {
    const own = new Transaction(orm);
    const replica = new RepeatableCalls(own, Buffer.alloc(32, 7), createLogger('spec', {}));
    const other = () =>
      replica.once(
        {
          key: 'k1',
          userId: 'u1',
          method: 'Create',
          request: Buffer.from('a room'),
          deadline: new Date(Date.now() + 30_000),
        },
        () => actIn(own),
      );
    const answers = await Promise.all([call(), other(), call(), other()]);
    replica.onApplicationShutdown();
    expect(answers.map((answer) => [...answer])).toEqual(answers.map(() => [...(answers[0] ?? [])]));
    const { n } = (await orm.em.fork().execute<{ n: number }[]>('select count(*)::int as n from idempotency'))[0] ?? {
      n: 0,
    };
    expect(n).toBe(1);
  });

  it('with the same key and another request are a conflict', async () => {
    await call();
    await expect(call({ request: 'another room' })).rejects.toMatchObject({ reason: 'CONFLICT' });
    expect(effects).toBe(1);
  });

  it('of other people and other methods do not meet', async () => {
    await Promise.all([call(), call({ userId: 'u2' }), call({ method: 'Delete' })]);
    expect(effects).toBe(3);
  });

  it('that were refused may be tried again, before a transaction and after one', async () => {
    const refuse = async (): Promise<never> => Promise.reject(new DomainError('NOT_PRESENT'));
    await expect(call({}, refuse)).rejects.toMatchObject({ reason: 'NOT_PRESENT' });
    await expect(call({}, () => act().then(refuse))).rejects.toMatchObject({ reason: 'NOT_PRESENT' });
    expect(await rows()).toEqual([]);
    await call();
    expect(effects).toBe(2);
  });

  it('whose transaction rolled back leave nothing behind', async () => {
    const failing = () =>
      transaction.run(async () => {
        throw new Error('no');
      });
    await expect(call({}, failing)).rejects.toThrow('no');
    expect(await rows()).toEqual([]);
  });

  it('that broke after their commit are a conflict from then on, never a second effect', async () => {
    const breaking = () => act().then(() => Promise.reject(new DomainError('UNAVAILABLE')));
    await expect(call({}, breaking)).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
    await expect(call({ waitMs: 200 })).rejects.toMatchObject({ reason: 'CONFLICT' });
    expect(effects).toBe(1);
  });

  it('that write nothing are not remembered', async () => {
    await call({}, async () => Buffer.from('read'));
    expect(await rows()).toEqual([]);
  });

  it('keep neither key, request nor answer where somebody who reads the table could find them', async () => {
    const secret = async () => transaction.run(async () => Buffer.from('canary-answer'));
    await call({ key: 'canary-key', request: 'canary-request' }, secret);
    const text = JSON.stringify(await rows());
    for (const word of ['canary-key', 'canary-request', 'canary-answer']) {
      expect(text).not.toContain(word);
      expect(text).not.toContain(Buffer.from(word).toString('hex'));
    }
    const again = await call({ key: 'canary-key', request: 'canary-request' }, act);
    expect(Buffer.from(again).toString()).toBe('canary-answer');
  });

  it('are forgotten after a day', async () => {
    await call();
    await calls.forget();
    expect(await rows()).toHaveLength(1);
    await orm.em.fork().execute(`update idempotency set created_at = now() - interval '25 hours'`);
    await calls.forget();
    await call();
    expect(effects).toBe(2);
  });
});

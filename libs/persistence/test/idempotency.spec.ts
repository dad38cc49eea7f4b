import { Idempotency, type Orm, Transaction } from '@conclave/persistence';
import { setTimeout as pause } from 'node:timers/promises';
import { migratedDatabase } from './fixtures/database.js';

let orm: Orm;
let transaction: Transaction;
const idempotency = new Idempotency();
beforeAll(async () => {
  ({ orm } = await migratedDatabase());
  transaction = new Transaction(orm);
}, 60_000);

let effects = 0;
beforeEach(async () => {
  effects = 0;
  await orm.em.fork().execute('truncate idempotency');
});

const call = (over: Partial<{ key: string | undefined; principal: string; method: string; request: string }> = {}) => {
  const { key, principal, method, request } = {
    key: 'k1',
    principal: 'u1',
    method: 'Create',
    request: 'a room',
    ...over,
  };
  return transaction.run((em) =>
    idempotency.once(em, { key, principal, method, request: Buffer.from(request) }, async () => {
      effects += 1;
      await pause(30);
      return Buffer.from([0, 255, effects]);
    }),
  );
};

describe('Idempotency', () => {
  it('a repeat gets the same bytes and has no second effect', async () => {
    expect([...(await call())]).toEqual([0, 255, 1]);
    expect([...(await call())]).toEqual([0, 255, 1]);
    expect(effects).toBe(1);
  });

  it('two at once: one effect, one answer', async () => {
    const answers = await Promise.all([call(), call(), call()]);
    expect(answers.map((answer) => [...answer])).toEqual([
      [0, 255, 1],
      [0, 255, 1],
      [0, 255, 1],
    ]);
    expect(effects).toBe(1);
  });

  it('the same key with another request is a conflict', async () => {
    await call();
    await expect(call({ request: 'another room' })).rejects.toMatchObject({ reason: 'CONFLICT' });
  });

  it('keys of other people and other methods do not meet', async () => {
    await Promise.all([call(), call({ principal: 'u2' }), call({ method: 'Delete' })]);
    expect(effects).toBe(3);
  });

  it('without a key each call counts', async () => {
    await call({ key: undefined });
    await call({ key: undefined });
    expect(effects).toBe(2);
  });

  it('a call that failed may be tried again', async () => {
    const failing = transaction.run((em) =>
      idempotency.once(em, { key: 'k1', principal: 'u1', method: 'Create', request: Buffer.from('a room') }, () =>
        Promise.reject(new Error('no')),
      ),
    );
    await expect(failing).rejects.toThrow('no');
    await call();
    expect(effects).toBe(1);
  });

  it('answers are forgotten in the end', async () => {
    await call();
    await transaction.run((em) => idempotency.forget(em, 0));
    await call();
    expect(effects).toBe(2);
  });
});

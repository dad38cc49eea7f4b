import { Audit, verifyChain, type Checkpoint } from '@conclave/audit';
import { createOrm, type Orm, runMigrations, Transaction } from '@conclave/persistence';
import { FixedClock } from '@conclave/platform';
import { onFileEnd, testDatabase, type TestDatabase } from '@conclave/testing';

let database: TestDatabase;
let orm: Orm;
let transaction: Transaction;
const clock = new FixedClock('2026-11-23T02:00:00.123Z');
const audit = new Audit(clock);

beforeAll(async () => {
  database = await testDatabase('rooms');
  const { url, password } = database;
  orm = await createOrm({
    service: 'rooms',
    entities: [],
    database: { url, password },
    migrations: { path: `${import.meta.dirname}/fixtures/migrations` },
  });
  onFileEnd(() => orm.close(true));
  await runMigrations(orm, 'rooms');
  transaction = new Transaction(orm);
}, 60_000);

/** What somebody with the owner's rights can do: switch the trigger off. */
async function tamper(sql: string): Promise<void> {
  await orm.em.fork().execute(`alter table audit disable trigger audit_append_only; ${sql};
    alter table audit enable trigger audit_append_only`);
}
beforeEach(() => tamper('truncate audit'));

const record = (n: number) =>
  transaction.run((em) =>
    audit.append(em, {
      actor: 'user:0195f3a4-7c00-7000-8000-000000000001',
      action: 'room.deleted',
      subject: 'room:0195f3a4-7c00-7000-8000-000000000002',
      detail: { n, files: 3, reason: 'owner', forced: false, before: null },
    }),
  );
const verify = (...checkpoints: Checkpoint[]) =>
  verifyChain((sql) => orm.em.fork().execute<unknown[]>(sql), checkpoints);

describe('the audit chain', () => {
  it('an empty one is intact', async () => {
    expect(await verify()).toMatchObject({ intact: true, rows: 0n });
  });

  it('grows by one link an entry, and the head moves', async () => {
    await record(1);
    const first = await verify();
    await record(2);
    const second = await verify();
    expect(first).toMatchObject({ intact: true, rows: 1n });
    expect(second).toMatchObject({ intact: true, rows: 2n });
    expect(second).not.toEqual({ ...first, rows: 2n });
  });

  it('stays one line when many write at once, and has no gap where a transaction was undone', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        n % 5 === 0
          ? transaction
              .run(async (em) => {
                await audit.append(em, { actor: 'system', action: 'a', subject: 'b' });
                throw new Error('undone');
              })
              .catch(() => undefined)
          : record(n),
      ),
    );
    expect(await verify()).toMatchObject({ intact: true, rows: 32n });
  });

  it('is longer than one page', async () => {
    await transaction.run(async (em) => {
      for (let n = 0; n < 1005; n += 1) await audit.append(em, { actor: 'system', action: 'a', subject: `b:${n}` });
    });
    expect(await verify()).toMatchObject({ intact: true, rows: 1005n });
  });

  it.each([
    ['a changed actor', `update audit set actor = 'user:other' where seq = 3`, 3n, { kind: 'changed' }],
    ['a changed action', `update audit set action = 'room.created' where seq = 3`, 3n, { kind: 'changed' }],
    ['a changed subject', `update audit set subject = 'room:other' where seq = 3`, 3n, { kind: 'changed' }],
    ['a changed detail', `update audit set detail = detail || '{"n": 7}' where seq = 3`, 3n, { kind: 'changed' }],
    ['an added detail', `update audit set detail = detail || '{"x": 1}' where seq = 3`, 3n, { kind: 'changed' }],
    [
      'a detail of another type',
      `update audit set detail = detail || '{"n": "3"}' where seq = 3`,
      3n,
      { kind: 'changed' },
    ],
    ['a changed time', `update audit set at = at + interval '1 ms' where seq = 3`, 3n, { kind: 'changed' }],
    ['a changed hash', `update audit set hash = sha256(hash) where seq = 3`, 3n, { kind: 'changed' }],
    ['a row taken out', 'delete from audit where seq = 3', 3n, { kind: 'missing', next: 4n }],
    [
      'a row taken out and the rest moved up',
      'delete from audit where seq = 3; update audit set seq = seq - 1 where seq > 3',
      3n,
      { kind: 'unlinked' },
    ],
    ['the first row taken out', 'delete from audit where seq = 1', 1n, { kind: 'missing', next: 2n }],
    [
      'two rows changed places',
      'update audit set seq = -seq where seq in (3, 4); update audit set seq = 7 + seq where seq < 0',
      3n,
      { kind: 'unlinked' },
    ],
    [
      'a row put in',
      `insert into audit select 6, at, actor, action, subject, detail, prev_hash, hash from audit where seq = 5`,
      6n,
      { kind: 'unlinked' },
    ],
  ])('finds %s', async (_what, sql, brokenAt, fault) => {
    for (const n of [1, 2, 3, 4, 5]) await record(n);
    await tamper(sql);
    expect(await verify()).toEqual({ intact: false, brokenAt, fault });
  });

  it('that was cut off at its end, or written anew, does not fit a checkpoint from before', async () => {
    for (const n of [1, 2, 3]) await record(n);
    const before = await verify();
    if (!before.intact) throw new Error('a chain that nobody touched');
    const checkpoint = { seq: before.rows, hash: before.head };
    await record(4);
    expect(await verify(checkpoint)).toMatchObject({ intact: true, rows: 4n });
    await tamper('delete from audit where seq > 2');
    expect(await verify()).toMatchObject({ intact: true, rows: 2n });
    expect(await verify(checkpoint)).toEqual({ intact: false, brokenAt: 3n, fault: { kind: 'cut-off' } });
    await record(33);
    expect(await verify(checkpoint)).toEqual({ intact: false, brokenAt: 3n, fault: { kind: 'rewritten' } });
  });

  it('rows are not changed by mistake', async () => {
    await record(1);
    for (const sql of ['update audit set actor = actor', 'delete from audit', 'truncate audit']) {
      await expect(orm.em.fork().execute(sql)).rejects.toThrow('audit rows are never changed');
    }
  });

  it('the entry is on record exactly when the change is: no transaction, no entry', async () => {
    await expect(audit.append(orm.em.fork(), { actor: 'system', action: 'a', subject: 'b' })).rejects.toThrow(
      'needs a transaction',
    );
  });

  it.each([
    ['a name', { name: 'Zoë Canary' }],
    ['a message', { text: 'hello there' }],
    ['an address', { email: 'zoe@example.org' }],
    ['a token', { token: 'cnv_inv_abcdefghijklmnopqrstuvwxyz0123456789' }],
    ['a JWT', { jwt: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln' }],
    ['a fraction, which two readers may write differently', { ratio: 0.1 }],
    ['words as a key', { 'Zoë Canary': 1 }],
  ])('%s has no place on record', async (_what, detail) => {
    const work = transaction.run((em) => audit.append(em, { actor: 'system', action: 'a', subject: 'b', detail }));
    const error = await work.catch((caught: unknown) => caught);
    expect(String(error)).toContain('has no place on record');
    expect(String(error)).not.toMatch(/Canary|cnv_|zoe@|hello there/);
    expect(await verify()).toMatchObject({ rows: 0n });
  });
});

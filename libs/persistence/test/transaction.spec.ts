import { afterCommit, type Orm, PreparedQuery, Transaction } from '@conclave/persistence';
import { FixedClock, Ids, RequestScope } from '@conclave/platform';
import type { TestDatabase } from '@conclave/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { migratedDatabase } from './fixtures/database.js';
import { Note } from './fixtures/note.js';

let database: TestDatabase;
let orm: Orm;
let transaction: Transaction;
const ids = new Ids(new FixedClock());
const texts = async () =>
  (await orm.em.fork().execute<{ text: string }[]>('select text from note order by id')).map((row) => row.text);

beforeAll(async () => {
  ({ database, orm } = await migratedDatabase());
  transaction = new Transaction(orm);
}, 60_000);
afterEach(() => orm.em.fork().execute('truncate note'));

/** Waits until so many have come here; whoever comes later goes on at once. */
function meetingOf(count: number): () => Promise<void> {
  let open: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (open = resolve));
  return () => {
    if (--count <= 0) open();
    return all;
  };
}

const add = (text: string) =>
  transaction.run(async (em) => {
    em.persist(Note.of(ids.uuidv7(), text));
  });

describe('Transaction', () => {
  it('commits what its entity manager holds, with times', async () => {
    const before = Date.now();
    await add('one');
    const note = await orm.em.fork().findOneOrFail(Note, { text: 'one' });
    expect(note.createdAt).toBeInstanceOf(Date);
    expect(note.updatedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(note.updatedAt.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('undoes everything when the work fails', async () => {
    const work = transaction.run(async (em) => {
      await em.persist(Note.of(ids.uuidv7(), 'gone')).flush();
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await texts()).toEqual([]);
  });

  it('one inside another is the same one', async () => {
    const outer = transaction.run(async (em) => {
      await add('inner');
      expect(await em.count(Note)).toBe(1);
      throw new Error('outer fails');
    });
    await expect(outer).rejects.toThrow('outer fails');
    expect(await texts()).toEqual([]);
  });

  it('two at once do not see each other', async () => {
    const together = meetingOf(2);
    const seen = await Promise.all(
      ['a', 'b'].map((text) =>
        transaction.run(async (em) => {
          await em.persist(Note.of(ids.uuidv7(), text)).flush();
          await together();
          return em.getUnitOfWork().getIdentityMap().keys().length;
        }),
      ),
    );
    expect(seen).toEqual([1, 1]);
    expect((await texts()).sort()).toEqual(['a', 'b']);
  });

  it('runs again after a serialization failure, as often as it may', async () => {
    await add('0');
    let runs = 0;
    const together = meetingOf(3);
    const increment = () =>
      transaction.run(
        async (em) => {
          runs += 1;
          const [note] = await em.findAll(Note);
          await together();
          if (note) note.text = String(Number(note.text) + 1);
        },
        { isolation: 'serializable', retries: 10 },
      );
    await Promise.all([increment(), increment(), increment()]);
    expect(await texts()).toEqual(['3']);
    expect(runs).toBeGreaterThan(3);
  });

  it('does not run again unless asked', async () => {
    await add('0');
    const together = meetingOf(2);
    const increment = () =>
      transaction.run(
        async (em) => {
          const [note] = await em.findAll(Note);
          await together();
          if (note) note.text = String(Number(note.text) + 1);
        },
        { isolation: 'serializable' },
      );
    const results = await Promise.allSettled([increment(), increment()]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

/** What runs after a commit is not waited for by the commit. */
async function until(fact: () => boolean): Promise<void> {
  while (!fact()) await pause(10);
}

describe('afterCommit', () => {
  it('runs when the change is visible, and not when it is undone', async () => {
    const seen: string[] = [];
    await transaction.run(async (em) => {
      afterCommit(em, async () => seen.push(...(await texts())));
      em.persist(Note.of(ids.uuidv7(), 'committed'));
    });
    await transaction
      .run(async (em) => {
        afterCommit(em, () => seen.push('never'));
        throw new Error('undone');
      })
      .catch(() => undefined);
    await until(() => seen.length > 0);
    expect(seen).toEqual(['committed']);
  });

  it('a callback is outside of the transaction that is over, and still in the scope of its request', async () => {
    const seen: unknown[] = [];
    const scope = RequestScope.enter({ correlationId: 'correlation-1' });
    await RequestScope.run(scope, () =>
      transaction.run(async (em) => {
        afterCommit(em, async () => {
          await add('by the callback');
          seen.push(orm.em.isInTransaction(), RequestScope.current()?.correlationId);
        });
      }),
    );
    await until(() => seen.length > 0);
    expect(seen).toEqual([false, 'correlation-1']);
    expect(await texts()).toEqual(['by the callback']);
  });

  it('a callback that fails does not fail the commit', async () => {
    await transaction.run(async (em) => {
      afterCommit(em, () => {
        throw new Error('no');
      });
      afterCommit(em, () => Promise.reject(new Error('no')));
      em.persist(Note.of(ids.uuidv7(), 'committed'));
    });
    expect(await texts()).toEqual(['committed']);
  });

  it('needs a transaction', () => {
    expect(() => afterCommit(orm.em.fork(), () => undefined)).toThrow('needs a transaction');
  });
});

describe('PreparedQuery', () => {
  it('is prepared once a connection and finds what is there', async () => {
    await add('one');
    const query = new PreparedQuery<{ text: string }>(orm, 'note_by_text', 'select text from note where text = $1');
    expect(await query.first(['one'])).toEqual({ text: 'one' });
    expect(await query.first([`one' or true --`])).toBeUndefined();
    const pool = await orm.em.getConnection().getNativeClient();
    const { rows } = await pool.query(`select name from pg_prepared_statements`);
    expect(rows.length).toBeLessThanOrEqual(1);
  });
});

describe('plain SQL through the entity manager', () => {
  it.each([`O'Neill`, `back\\slash \\' or 1=1 --`, '?', '??', '\\?', '$1', `"; drop table note; --`, '🙂', ''])(
    'keeps %p as it is',
    async (text) => {
      await orm.em
        .fork()
        .execute('insert into note (id, text, created_at, updated_at) values (?, ?, now(), now())', [
          ids.uuidv7(),
          text,
        ]);
      expect(await texts()).toEqual([text]);
    },
  );

  it('a query that hangs is cut off rather than held for ever', async () => {
    const client = await database.connect('superuser');
    const { rows } = await client.query(
      `select application_name from pg_stat_activity where datname = $1 and application_name = 'conclave-rooms'`,
      [database.name],
    );
    expect(rows.length).toBeGreaterThan(0);
    const [setting] = await orm.em.fork().execute<{ statement_timeout: string }[]>('show statement_timeout');
    expect(setting).toEqual({ statement_timeout: '30s' });
  });
});

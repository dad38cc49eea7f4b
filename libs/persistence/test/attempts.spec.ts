import { Attempts, createAttemptSql, type AttemptKey, type AttemptLimit, type Orm } from '@conclave/persistence';
import { FixedClock } from '@conclave/platform';
import { jest } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { migratedDatabase } from './fixtures/database.js';

let orm: Orm;
let attempts: Attempts;
const clock = new FixedClock('2026-11-23T12:00:00.000Z');
beforeAll(async () => {
  ({ orm } = await migratedDatabase());
  for (const sql of createAttemptSql()) await orm.em.fork().execute(sql);
  attempts = new Attempts(orm, clock);
}, 60_000);

const limit: AttemptLimit = { free: 2, firstWaitSeconds: 1, longestWaitSeconds: 60, forgetAfterSeconds: 3600 };
const keyOf = (facts: Partial<AttemptKey> = {}): AttemptKey => ({
  key: randomUUID(),
  limit,
  success: 'forgets',
  ...facts,
});
const wide = (free: number): AttemptLimit => ({ ...limit, free });
const no = () => Promise.resolve(false);
const yes = () => Promise.resolve(true);

/** What lies in the database, past all of our own code. */
async function countOf({ key }: AttemptKey): Promise<number> {
  const [row] = await orm.em
    .fork()
    .execute<{ attempts: number }[]>('select attempts from attempt where key = ?', [key]);
  return row?.attempts ?? 0;
}

describe('an attempt at a secret', () => {
  it('refuses without asking once the free ones are used up, and says when to come again', async () => {
    const one = [keyOf()];
    await attempts.check(one, no);
    await attempts.check(one, no);
    const asked = jest.fn(yes);
    await expect(attempts.check(one, asked)).rejects.toMatchObject({ reason: 'RATE_LIMITED', retryAfterSeconds: 1 });
    expect(asked).not.toHaveBeenCalled();
  });

  it('says how many are left, then how long to wait: twice as long each time, up to the longest', async () => {
    const key = keyOf({ limit: { free: 3, firstWaitSeconds: 60, longestWaitSeconds: 200, forgetAfterSeconds: 3600 } });
    const seen = [];
    for (let i = 0; i < 7; i++) {
      const { standings } = await attempts.count([key]);
      seen.push(standings[0]);
      clock.advance(standings[0]?.waitSeconds ?? 0);
    }
    expect(seen.map((standing) => standing?.left)).toEqual([2, 1, 0, 0, 0, 0, 0]);
    expect(seen.map((standing) => standing?.waitSeconds)).toEqual([0, 0, 60, 120, 200, 200, 200]);
  });

  it('is not counted while a wait lasts, by any key, however often it is made', async () => {
    const [open, used] = [keyOf(), keyOf({ limit: wide(1) })];
    await attempts.check([used], no);
    for (let i = 0; i < 5; i++)
      await expect(attempts.check([open, used], yes)).rejects.toMatchObject({ reason: 'RATE_LIMITED' });
    expect([await countOf(open), await countOf(used)]).toEqual([0, 1]);
  });

  it('waits for the longest of its keys', async () => {
    const [short, long] = [1, 40].map((firstWaitSeconds) => keyOf({ limit: { ...wide(1), firstWaitSeconds } }));
    if (!short || !long) throw new Error('two keys');
    await attempts.count([short, long]);
    await expect(attempts.count([short, long])).rejects.toMatchObject({ retryAfterSeconds: 40 });
  });

  it('forgets or gives back after success, as the key says', async () => {
    const [own, everyone] = [keyOf(), keyOf({ success: 'gives back', limit: wide(50) })];
    await attempts.check([own, everyone], no);
    expect(await attempts.check([own, everyone], yes)).toBe(true);
    expect([await countOf(own), await countOf(everyone)]).toEqual([0, 1]);
  });

  it('ends the wait that it began when it succeeds, and leaves one that others began', async () => {
    const everyone = keyOf({ success: 'gives back', limit: wide(1) });
    const mine = await attempts.count([everyone]);
    await mine.succeeded();
    const late = await attempts.count([everyone]);
    clock.advance(1);
    await attempts.count([everyone]);
    await late.succeeded();
    await expect(attempts.count([everyone])).rejects.toMatchObject({ reason: 'RATE_LIMITED', retryAfterSeconds: 2 });
  });

  it('does not count where the check could not be made', async () => {
    const one = keyOf();
    await expect(attempts.check([one], () => Promise.reject(new Error('busy')))).rejects.toThrow('busy');
    expect(await countOf(one)).toBe(0);
  });

  it('is forgotten after the time without another', async () => {
    const key = keyOf();
    for (let i = 0; i < 2; i++) await attempts.check([key], no);
    clock.advance(limit.forgetAfterSeconds + 1);
    expect((await attempts.count([key])).standings).toEqual([{ attempts: 1, left: 1, waitSeconds: 0 }]);
  });

  it('outlives the process: another one counts on where this one stopped', async () => {
    const key = keyOf();
    await attempts.check([key], no);
    const { standings } = await new Attempts(orm, clock).count([key]);
    expect(standings[0]?.attempts).toBe(2);
  });

  it('sweeps rows that mean nothing, when somebody succeeds', async () => {
    const old = keyOf();
    await attempts.count([old]);
    clock.advance(limit.forgetAfterSeconds + 1);
    await attempts.check([keyOf()], yes);
    expect(await orm.em.fork().execute('select 1 from attempt where key = ?', [old.key])).toEqual([]);
  });
});

describe('whatever comes at whatever time', () => {
  const settings = { numRuns: 15 };

  it('n attempts at one moment count n, and only the free ones are looked at', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 }), async (n, free) => {
        const keys = [keyOf({ limit: wide(free) }), keyOf({ limit: wide(100), success: 'gives back' })];
        const looks = jest.fn(no);
        await Promise.allSettled(Array.from({ length: n }, () => attempts.check(keys, looks)));
        const counted = Math.min(n, free);
        expect(looks).toHaveBeenCalledTimes(counted);
        for (const key of keys) expect(await countOf(key)).toBe(counted);
      }),
      settings,
    );
  });

  it('waits never grow shorter while attempts are wrong', async () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(pauses, async (seconds) => {
        const key = keyOf();
        let longest = 0;
        for (const pause of seconds) {
          clock.advance(pause);
          const counted = await attempts.count([key]).catch(() => undefined);
          const wait = counted?.standings[0]?.waitSeconds;
          if (wait === undefined) continue;
          expect(wait).toBeGreaterThanOrEqual(longest);
          longest = wait;
        }
      }),
      settings,
    );
  });

  it('a success forgives its caller only', async () => {
    const wrongs = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(wrongs, async (made) => {
        const everyone = keyOf({ limit: wide(1000), success: 'gives back' });
        const callers = made.map(() => keyOf({ limit: wide(1000) }));
        const guesses = callers.flatMap((caller, index) =>
          Array.from({ length: made[index] ?? 0 }, () => attempts.check([caller, everyone], no)),
        );
        await Promise.all(guesses);
        const [lucky, ...others] = callers;
        if (!lucky) return;
        await attempts.check([lucky, everyone], yes);
        expect(await countOf(lucky)).toBe(0);
        expect(await Promise.all(others.map(countOf))).toEqual(made.slice(1));
        expect(await countOf(everyone)).toBe(made.reduce((sum, one) => sum + one, 0));
      }),
      settings,
    );
  });

  it('keys that are counted together in any order never wait in a circle', async () => {
    const keys = Array.from({ length: 4 }, () => keyOf({ limit: wide(10_000), success: 'gives back' }));
    const orders = Array.from({ length: 60 }, (_, i) => (i % 2 ? keys : keys.toReversed()));
    const outcomes = await Promise.all(orders.map((order, i) => attempts.check(order, i % 3 ? no : yes)));
    const wrong = outcomes.filter((right) => !right).length;
    expect(await Promise.all(keys.map(countOf))).toEqual(keys.map(() => wrong));
  });
});

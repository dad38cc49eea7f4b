import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { SealingInterrupted, SealingPool, newFileKeys, type SegmentBatch } from '../src/node/index.js';
import { BOTH_SUITES, read, reasonOf, seal } from './fixtures.js';

const identity = { fileId: '0192f0c1-7b7e-7c3a-8b1d-0c7d4a6b9e01', roomId: '0192f0c1-7b7e-7c3a-8b1d-0c7d4a6b9e02' };
const segments = newFileKeys('02', randomBytes(32), identity).segments;

/** Eight full segments at the front of a longer file. */
const batch = (first = 0): SegmentBatch => ({
  first,
  count: 8,
  lastLength: 65_536,
  final: false,
  keys: segments,
  buffer: new ArrayBuffer(8 * 65_600),
});

describe('the sealing pool', () => {
  let pool: SealingPool;
  beforeEach(() => {
    pool = new SealingPool({ workers: 2 });
  });
  afterEach(() => pool.destroy());

  it.each(BOTH_SUITES)('seals and opens what the calling thread opens and seals, suite %s', async (suite) => {
    const plaintext = randomBytes(3_000_017);
    const byPool = await seal(plaintext, { suite, engine: pool });
    expect((await read(byPool)).equals(plaintext)).toBe(true);
    const byThread = await seal(plaintext, { suite });
    expect((await read(byThread, { engine: pool })).equals(plaintext)).toBe(true);
    expect(pool.load).toEqual({ waiting: 0, running: 0 });
  });

  it('refuses a tampered object with the one reason', async () => {
    const sealed = await seal(randomBytes(2_000_000), { engine: pool });
    const object = Buffer.from(sealed.object);
    object[1_500_000] = (object[1_500_000] ?? 0) ^ 1;
    expect(await reasonOf(() => read(sealed, { object, engine: pool }))).toBe('FILE_INTEGRITY');
  });

  it('serves many streams at once and keeps each in order', async () => {
    const files = Array.from({ length: 8 }, (_, at) => randomBytes(700_000 + at * 65_536));
    const sealed = await Promise.all(files.map((plaintext) => seal(plaintext, { engine: pool })));
    const opened = await Promise.all(sealed.map((file) => read(file, { engine: pool })));
    opened.forEach((plaintext, at) => expect(plaintext.equals(files[at] ?? Buffer.alloc(0))).toBe(true));
  });

  it('gives no worker more than two batches and lets the rest wait', async () => {
    const all = Array.from({ length: 9 }, (_, at) => pool.seal(batch(at * 8)));
    expect(pool.load).toEqual({ running: 4, waiting: 5 });
    await Promise.all(all);
  });

  it('drops an aborted batch at once, waiting or running, and serves the others', async () => {
    const controller = new AbortController();
    const aborted = Array.from({ length: 6 }, () => pool.seal(batch(), controller.signal));
    const other = pool.seal(batch());
    const outcomes = Promise.allSettled(aborted);
    controller.abort(new Error('gone home'));
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'gone home' } });
    expect((await other).wire.length).toBe(8 * 65_600);
  });

  it('a dead worker fails what it had in hand with a clean error and is replaced', async () => {
    const doomed = [pool.seal(batch()), pool.seal(batch())];
    const outcomes = Promise.allSettled(doomed);
    await Promise.all(threadsOf(pool).map((thread) => thread.terminate()));
    for (const outcome of await outcomes) {
      expect(outcome.status === 'rejected' && outcome.reason).toBeInstanceOf(SealingInterrupted);
    }
    expect((await pool.seal(batch())).wire.length).toBe(8 * 65_600);
    expect(pool.load).toEqual({ waiting: 0, running: 0 });
  });

  it('a batch that does not fit its buffer is an error, and the worker lives on', async () => {
    await expect(pool.seal({ ...batch(), count: 7 })).rejects.toThrow('could not be worked on');
    expect((await pool.seal(batch())).wire.length).toBe(8 * 65_600);
  });

  it('sums what it has sealed where that is asked for', async () => {
    const { wire, crc32: sum } = await pool.seal({ ...batch(), summed: true });
    expect(sum).toBe(crc32(wire));
    expect((await pool.seal(batch())).crc32).toBeUndefined();
  });

  it('a buffer that was given away already is an error', async () => {
    const given = batch();
    await pool.seal(given);
    await expect(pool.seal(given)).rejects.toThrow();
    expect(pool.load).toEqual({ waiting: 0, running: 0 });
  });

  it('closing rejects what is under way and what comes later', async () => {
    const underWay = Promise.allSettled(Array.from({ length: 6 }, () => pool.seal(batch())));
    await pool.destroy();
    for (const outcome of await underWay) {
      expect(outcome.status === 'rejected' && outcome.reason).toBeInstanceOf(SealingInterrupted);
    }
    await expect(pool.seal(batch())).rejects.toBeInstanceOf(SealingInterrupted);
  });
});

it('a pool of zero workers has one per core', async () => {
  const pool = new SealingPool();
  expect(pool.width).toBeGreaterThanOrEqual(2);
  await pool.destroy();
});

it('refuses a size that is none', () => {
  expect(() => new SealingPool({ workers: -1 })).toThrow(RangeError);
  expect(() => new SealingPool({ workers: 1.5 })).toThrow(RangeError);
});

/** The pool keeps its threads to itself; a test that kills one reaches in through the only place that lists them. */
function threadsOf(pool: SealingPool): readonly { terminate(): Promise<void> }[] {
  return (pool as unknown as { threads: readonly { terminate(): Promise<void> }[] }).threads;
}

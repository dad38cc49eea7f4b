import { randomBytes } from 'node:crypto';
import { sealingModule } from '@conclave/testing';
import { batchPlainLength, batchWireLength, type BatchShape } from '../src/batches.js';
import { SealingPool } from '../src/node/index.js';
import { aeadKeys } from '../src/node/aead.js';
import { chooseEngine } from '../src/node/choose-engine.js';
import { loadModule } from '../src/node/native-module.js';
import { nativeRuns, type NativeRuns } from '../src/node/native-runs.js';
import { openBatch, sealBatch } from '../src/node/segment-batch.js';
import { BOTH_SUITES, read, reasonOf, seal } from './fixtures.js';

const file = (await sealingModule()) ?? '';
const paths = file ? loadModule(file).paths.split(',').filter(Boolean) : [];
const onPaths = paths.length > 0 ? describe : describe.skip;

/** Batches around every edge: few segments, as many as the engine takes, more, and a last one that is short, full or empty. */
const counts = [1, 6, 7, 16, 17, 22, 23];
const shapes: BatchShape[] = counts.flatMap((count) => [
  { first: 3, count, lastLength: 65_536, final: false },
  { first: 0, count, lastLength: 1234, final: true },
  { first: 2 ** 32 - 2, count, lastLength: 0, final: true },
]);

/** A batch of plaintext at its places, and the plaintext alone. */
function batchOf(shape: BatchShape): { wire: Uint8Array; plain: Buffer } {
  const wire = new Uint8Array(batchWireLength(shape));
  const plain = randomBytes(batchPlainLength(shape));
  for (let at = 0; at < shape.count; at += 1) {
    wire.set(plain.subarray(at * 65_536, (at + 1) * 65_536), at * 65_600 + 16);
  }
  return { wire, plain };
}

onPaths.each(paths.length > 0 ? paths : ['none here'])('batches by the native engine, path %s', (path) => {
  /** Counts, so that a spec sees that the engine was asked at all. */
  let segments = 0;
  let runs: NativeRuns;
  beforeAll(() => {
    runs = nativeRuns(file, path);
  });
  const native: NativeRuns = {
    path,
    seal: (keys, first, run) => {
      segments += run.length / 65_600;
      runs.seal(keys, first, run);
    },
    open: (keys, first, run) => runs.open(keys, first, run),
    crc32: (bytes) => runs.crc32(bytes),
  };
  const key = randomBytes(64);

  it.each(BOTH_SUITES)(
    'are opened by the portable one, and the other way round, whatever their shape, suite %s',
    (suite) => {
      const keys = aeadKeys(suite, key);
      for (const shape of shapes) {
        const { wire, plain } = batchOf(shape);
        const other = wire.slice();
        sealBatch(keys, wire, shape, native);
        sealBatch(keys, other, shape);
        const opened = [openBatch(keys, wire, shape), openBatch(keys, other, shape, native)];
        const equal = [wire, other].map((bytes) => plain.equals(bytes.subarray(0, plain.length)));
        expect([shape, opened, equal]).toEqual([shape, [true, true], [true, true]]);
      }
      expect(segments).toBeGreaterThan(0);
    },
  );

  it('are worked on natively from six full segments up, and the short last one never', () => {
    const keys = aeadKeys('02', key);
    const asked = shapes.map((shape) => {
      segments = 0;
      sealBatch(keys, batchOf(shape).wire, shape, native);
      return segments;
    });
    const expected = shapes.map(({ count, lastLength }) => {
      const full = lastLength === 65_536 ? count : count - 1;
      return full % 16 >= 6 ? full : full - (full % 16);
    });
    expect(asked).toEqual(expected);
  });

  it('a wrong bit anywhere refuses the whole batch and wipes it, as the portable engine does', () => {
    const keys = aeadKeys('01', key);
    const shape: BatchShape = { first: 0, count: 17, lastLength: 700, final: true };
    const { wire } = batchOf(shape);
    sealBatch(keys, wire, shape, native);
    for (const at of [0, 40, 65_599, 9 * 65_600 + 5, 16 * 65_600 - 1, 16 * 65_600 + 20, wire.length - 1]) {
      for (const engine of [native, undefined]) {
        const damaged = wire.slice();
        damaged[at] = (damaged[at] ?? 0) ^ 4;
        expect([at, openBatch(keys, damaged, shape, engine)]).toEqual([at, false]);
        expect(damaged.every((byte) => byte === 0)).toBe(true);
      }
    }
  });
});

onPaths('a pool with the native engine', () => {
  let pool: SealingPool;
  beforeEach(() => {
    pool = new SealingPool({ workers: 2, engine: chooseEngine({ wish: 'native', module: file }) });
  });
  afterEach(() => pool.destroy());

  it.each(BOTH_SUITES)('seals what the portable engine opens, and opens what it seals, suite %s', async (suite) => {
    const plaintext = randomBytes(5_000_017);
    const byPool = await seal(plaintext, { suite, engine: pool });
    expect((await read(byPool)).equals(plaintext)).toBe(true);
    const portably = await seal(plaintext, { suite });
    expect((await read(portably, { engine: pool })).equals(plaintext)).toBe(true);
    const range = { start: 1_000_000, end: 3_333_333 };
    expect((await read(portably, { engine: pool, range })).equals(plaintext.subarray(range.start, range.end))).toBe(
      true,
    );
  });

  it('refuses a tampered object with the one reason', async () => {
    const sealed = await seal(randomBytes(3_000_000), { engine: pool });
    const object = Buffer.from(sealed.object);
    object[1_500_000] = (object[1_500_000] ?? 0) ^ 1;
    expect(await reasonOf(() => read(sealed, { object, engine: pool }))).toBe('FILE_INTEGRITY');
  });
});

it('a module that went bad after it was chosen ends the work with a clean error, and wipes it', async () => {
  const engine = {
    engine: 'native',
    module: '/nowhere/sealing.node',
    path: 'avx512',
    reason: 'fastest',
    why: '',
  } as const;
  const pool = new SealingPool({ workers: 1, engine });
  expect(await reasonOf(() => seal(randomBytes(1_000_000), { engine: pool }))).toBe('UNAVAILABLE');
  await pool.destroy();
});

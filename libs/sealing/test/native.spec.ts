import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sealingModule } from '@conclave/testing';
import { IV_LENGTH, SEALED_SEGMENT_LENGTH, SEGMENT_LENGTH } from '../src/layout.js';
import { aeadKeys } from '../src/node/aead.js';
import { NATIVE_VERSION, loadModule } from '../src/node/native-module.js';
import { nativeRuns } from '../src/node/native-runs.js';
import { BOTH_SUITES } from './fixtures.js';
import { flipBits } from './native/bit-flips.js';
import { MOST, compareOnce, fillRun, slotOf } from './native/random-runs.js';

const file = await sealingModule();
const paths = file === undefined ? [] : loadModule(file).paths.split(',').filter(Boolean);
const engines = paths.map((path) => nativeRuns(file ?? '', path));
/** Without a `cargo`, or on a processor that no path is for, there is nothing to look at. */
const onPaths = engines.length > 0 ? describe : describe.skip;

it('the version that is wanted is that of the sources', () => {
  const manifest = readFileSync(new URL('../../sealing-native/Cargo.toml', import.meta.url), 'utf8');
  expect(/^version = "([^"]+)"/m.exec(manifest)?.[1]).toBe(NATIVE_VERSION);
});

onPaths('the native engine', () => {
  it('makes the same bytes as the portable one, on every path: 20,000 random runs', () => {
    for (let run = 0; run < 20_000; run += 1) {
      const engine = engines[run % engines.length];
      // Mostly short ones, for they cost the portable engine least; each length comes many times.
      const count = randomInt(16) === 0 ? 1 + randomInt(MOST) : 1;
      const different = engine && compareOnce(engine, count);
      if (different !== undefined) throw new Error(different);
    }
  }, 300_000);

  it.each(BOTH_SUITES)('refuses wrong bits and leaves nothing of the run, suite %s', (suite) => {
    const keys = aeadKeys(suite, randomBytes(64));
    const sealed = new Uint8Array(2 * SEALED_SEGMENT_LENGTH);
    fillRun(sealed);
    engines[0]?.seal(keys, 0, sealed);
    const wire = 8 * SEALED_SEGMENT_LENGTH;
    const bits = [
      ...Array.from({ length: 8 * IV_LENGTH }, (_, bit) => bit), // the first IV
      ...Array.from({ length: 8 * 48 }, (_, bit) => wire + wire - 1 - bit), // the last block, and the last tag
      ...Array.from({ length: 8 * 32 }, (_, bit) => wire - 1 - bit), // the first tag
      ...Array.from({ length: 500 }, () => randomInt(2 * wire)),
    ];
    expect(flipBits(engines, keys, sealed, bits)).toBeUndefined();
  });

  it('refuses segments in another order, from elsewhere, or under the other suite', () => {
    for (const engine of engines) {
      const bytes = randomBytes(64);
      const keys = aeadKeys('02', bytes);
      const sealed = new Uint8Array(3 * SEALED_SEGMENT_LENGTH);
      fillRun(sealed);
      engine.seal(keys, 5, sealed);
      const swapped = sealed.slice();
      swapped.set(slotOf(sealed, 1), 2 * SEALED_SEGMENT_LENGTH);
      swapped.set(slotOf(sealed, 2), SEALED_SEGMENT_LENGTH);
      expect(engine.open(keys, 5, swapped)).toBe(false);
      expect(engine.open(keys, 4, sealed.slice())).toBe(false);
      expect(engine.open(aeadKeys('01', bytes), 5, sealed.slice())).toBe(false);
      expect(engine.open(keys, 5, sealed.slice())).toBe(true);
    }
  });

  it('never uses an IV twice', () => {
    const keys = aeadKeys('02', randomBytes(64));
    const seen = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      const run = new Uint8Array(MOST * SEALED_SEGMENT_LENGTH);
      engines[0]?.seal(keys, 0, run);
      for (let at = 0; at < MOST; at += 1)
        seen.add(Buffer.from(slotOf(run, at).subarray(0, IV_LENGTH)).toString('hex'));
    }
    expect(seen.size).toBe(20 * MOST);
  });
});

onPaths('the border of the native module', () => {
  const native = file === undefined ? undefined : loadModule(file).use(paths[0] ?? '');
  const run = () => new Uint8Array(2 * SEALED_SEGMENT_LENGTH);
  const given = run();
  const away = run();
  structuredClone(away.buffer, { transfer: [away.buffer] });
  const [keys, ivs] = [new Uint8Array(64), new Uint8Array(2 * IV_LENGTH)];

  it.each<[string, unknown[]]>([
    ['nothing at all', []],
    ['another suite', [3, keys, 0, ivs, given]],
    ['a number as text', ['1', keys, 0, ivs, given]],
    ['short keys', [1, new Uint8Array(63), 0, ivs, given]],
    ['a number below zero', [1, keys, -1, ivs, given]],
    ['a number that is not whole', [1, keys, 0.5, ivs, given]],
    ['a number that is not exact', [1, keys, 2 ** 53, ivs, given]],
    ['not a number', [1, keys, Number.NaN, ivs, given]],
    ['half an IV', [1, keys, 0, new Uint8Array(24), given]],
    ['too few IVs', [1, keys, 0, new Uint8Array(IV_LENGTH), given]],
    ['too many IVs', [1, keys, 0, new Uint8Array(17 * IV_LENGTH), given]],
    ['a part of a segment', [1, keys, 0, ivs, given.subarray(1)]],
    ['an empty run', [1, keys, 0, new Uint8Array(0), new Uint8Array(0)]],
    ['17 segments', [1, keys, 0, new Uint8Array(17 * IV_LENGTH), new Uint8Array(17 * SEALED_SEGMENT_LENGTH)]],
    ['words in place of bytes', [1, keys, 0, ivs, new Uint32Array(given.buffer)]],
    ['an ArrayBuffer itself', [1, keys, 0, ivs, given.buffer]],
    ['shared memory', [1, keys, 0, ivs, new Uint8Array(new SharedArrayBuffer(given.length))]],
    ['memory that was given away', [1, keys, 0, ivs, away]],
    ['an object that says it is one', [1, keys, 0, ivs, { length: given.length, buffer: given.buffer }]],
  ])('refuses %s, and nothing is changed', (_, values) => {
    const seal = native?.seal as ((...values: unknown[]) => void) | undefined;
    expect(() => seal?.(...values)).toThrow(TypeError);
    expect(given.every((byte) => byte === 0)).toBe(true);
  });

  it('takes bytes from the middle of a buffer, and touches no others', () => {
    const whole = new Uint8Array(2 * SEALED_SEGMENT_LENGTH + 200).fill(7);
    const inside = whole.subarray(99, 99 + 2 * SEALED_SEGMENT_LENGTH);
    native?.seal(2, keys, 0, ivs, inside);
    expect(native?.open(2, keys, 0, inside)).toBe(true);
    expect(inside.subarray(0, SEGMENT_LENGTH).every((byte) => byte === 7)).toBe(true);
    expect([...whole.subarray(0, 99), ...whole.subarray(-101)].every((byte) => byte === 7)).toBe(true);
  });

  it.each<[string, unknown[]]>([
    ['nothing at all', []],
    ['no bytes', [new Uint8Array(0)]],
    ['words in place of bytes', [new Uint32Array(given.buffer)]],
    ['an ArrayBuffer itself', [given.buffer]],
    ['shared memory', [new Uint8Array(new SharedArrayBuffer(given.length))]],
    ['memory that was given away', [away]],
  ])('sums not %s', (_, values) => {
    const crc32 = native?.crc32 as ((...values: unknown[]) => number) | undefined;
    expect(() => crc32?.(...values)).toThrow(TypeError);
  });

  it('knows no other path', () => {
    expect(() => loadModule(file ?? '').use('mmx')).toThrow('this processor cannot follow that path');
  });
});

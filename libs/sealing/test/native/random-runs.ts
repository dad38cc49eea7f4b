import { randomBytes, randomFillSync, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { segmentAad } from '../../src/labels.js';
import { IV_LENGTH, SEALED_SEGMENT_LENGTH, SEGMENT_LENGTH } from '../../src/layout.js';
import { aeadKeys, sealSlot, type AeadKeys } from '../../src/node/aead.js';
import type { NativeRuns } from '../../src/node/native-runs.js';

/** The most segments of one native run. */
export const MOST = 16;

/** Random plaintext to cut from: making new bytes for each of a million runs would be what is measured. */
const POOL = randomBytes(4 * MOST * SEGMENT_LENGTH);

/** Segment `at` of a run. */
export const slotOf = (run: Uint8Array, at: number): Uint8Array =>
  run.subarray(at * SEALED_SEGMENT_LENGTH, (at + 1) * SEALED_SEGMENT_LENGTH);

/** Random keys of a random suite. */
export const randomKeys = (): AeadKeys => aeadKeys(randomInt(2) === 0 ? '01' : '02', randomBytes(64));

/** The number of a file's segment: small, around an edge of 32 bits, or any that a file can have. */
export function randomIndex(): number {
  const kind = randomInt(3);
  return kind === 0 ? randomInt(1000) : kind === 1 ? 2 ** 32 - randomInt(32) : randomInt(2 ** 47);
}

/** Fills the plaintext of a run, sometimes with one byte only. */
export function fillRun(run: Uint8Array): void {
  const alike = randomInt(20) === 0 ? randomInt(256) : undefined;
  for (let at = 0; at < run.length / SEALED_SEGMENT_LENGTH; at += 1) {
    const place = slotOf(run, at).subarray(IV_LENGTH, IV_LENGTH + SEGMENT_LENGTH);
    if (alike !== undefined) place.fill(alike);
    else {
      const from = randomInt(POOL.length - SEGMENT_LENGTH);
      place.set(POOL.subarray(from, from + SEGMENT_LENGTH));
    }
  }
}

/** Seals as the portable engine does, under the IVs that another run has. */
export function sealPortably(keys: AeadKeys, first: number, run: Uint8Array, ivsOf: Uint8Array): void {
  for (let at = 0; at < run.length / SEALED_SEGMENT_LENGTH; at += 1) {
    slotOf(run, at).set(slotOf(ivsOf, at).subarray(0, IV_LENGTH));
    sealSlot(keys, segmentAad(first + at, false), slotOf(run, at), SEGMENT_LENGTH);
  }
}

const buffers = {
  native: new Uint8Array(MOST * SEALED_SEGMENT_LENGTH),
  portable: new Uint8Array(MOST * SEALED_SEGMENT_LENGTH),
  plain: new Uint8Array(MOST * SEALED_SEGMENT_LENGTH),
};

/**
 * One random run, sealed by both engines and compared byte by byte; one in three is opened as well. What is different, or
 * undefined.
 */
export function compareOnce(native: NativeRuns, count: number): string | undefined {
  const keys = randomKeys();
  const first = randomIndex();
  const [ours, theirs, plain] = [buffers.native, buffers.portable, buffers.plain].map((buffer) =>
    buffer.subarray(0, count * SEALED_SEGMENT_LENGTH),
  ) as [Uint8Array, Uint8Array, Uint8Array];
  randomFillSync(ours, 0, 64);
  fillRun(ours);
  theirs.set(ours);
  plain.set(ours);
  const what = `suite ${keys.suite}, path ${native.path}, ${count} segments from ${first}`;
  native.seal(keys, first, ours);
  sealPortably(keys, first, theirs, ours);
  if (Buffer.compare(ours, theirs) !== 0) return `sealed otherwise: ${what}`;
  const some = ours.subarray(0, 1 + randomInt(ours.length));
  if (native.crc32(some) !== crc32(some)) return `summed otherwise: ${what}, ${some.length} bytes`;
  if (randomInt(3) > 0) return undefined;
  if (!native.open(keys, first, theirs)) return `not opened: ${what}`;
  for (let at = 0; at < count; at += 1) {
    const opened = theirs.subarray(at * SEGMENT_LENGTH, (at + 1) * SEGMENT_LENGTH);
    const before = slotOf(plain, at).subarray(IV_LENGTH, IV_LENGTH + SEGMENT_LENGTH);
    if (Buffer.compare(opened, before) !== 0) return `opened otherwise: ${what}`;
  }
  return undefined;
}

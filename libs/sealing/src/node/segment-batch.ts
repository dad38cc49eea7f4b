/** Also runs in workers, straight from its source: only erasable syntax and no other package. */
import { randomBytes } from 'node:crypto';
import { segmentAad } from '../labels.js';
import { IV_LENGTH, SEALED_SEGMENT_LENGTH, SEGMENT_LENGTH, sealedLength } from '../layout.js';
import { batchWireLength, type BatchShape } from '../batches.js';
import { openSlot, sealSlot, type AeadKeys } from './aead.js';
import type { NativeRuns } from './native-runs.js';

/** So many full segments the native engine takes at once, and from so many on it is the faster one. */
const NATIVE_MOST = 16;
const NATIVE_LEAST = 6;

function requireFit(wire: Uint8Array, shape: BatchShape): void {
  if (wire.length !== batchWireLength(shape)) throw new RangeError('the batch does not fit its buffer');
}

/** Runs of full segments at the front of a batch that are worth the native engine; `from` and `to` are within the batch. */
function* nativeRunsOf(shape: BatchShape, native: NativeRuns | undefined): Generator<{ from: number; to: number }> {
  const full = shape.lastLength === SEGMENT_LENGTH ? shape.count : shape.count - 1;
  for (let from = 0; native && full - from >= NATIVE_LEAST; from += NATIVE_MOST) {
    yield { from, to: Math.min(from + NATIVE_MOST, full) };
  }
}

/** The segments from `from` on, one by one. */
function* slots(wire: Uint8Array, shape: BatchShape, from: number) {
  for (let at = from; at < shape.count; at += 1) {
    const last = at === shape.count - 1;
    const start = at * SEALED_SEGMENT_LENGTH;
    const length = last ? shape.lastLength : SEGMENT_LENGTH;
    yield {
      at,
      length,
      slot: wire.subarray(start, start + sealedLength(length)),
      aad: segmentAad(shape.first + at, last && shape.final),
    };
  }
}

/**
 * Seals a run in place. Each plaintext already lies where its ciphertext will be (16 bytes into its slot), so nothing
 * is moved and the buffer goes to the store as it is. The native engine, where there is one, takes full segments many at a
 * time; what it leaves is sealed one by one.
 */
export function sealBatch(keys: AeadKeys, wire: Uint8Array, shape: BatchShape, native?: NativeRuns): void {
  requireFit(wire, shape);
  let done = 0;
  for (const { from, to } of nativeRunsOf(shape, native)) {
    native?.seal(keys, shape.first + from, wire.subarray(from * SEALED_SEGMENT_LENGTH, to * SEALED_SEGMENT_LENGTH));
    done = to;
  }
  const ivs = randomBytes((shape.count - done) * IV_LENGTH); // one call into the CSPRNG for the rest
  for (const { slot, aad, length, at } of slots(wire, shape, done)) {
    slot.set(ivs.subarray((at - done) * IV_LENGTH, (at - done + 1) * IV_LENGTH));
    sealSlot(keys, aad, slot, length);
  }
}

/**
 * Opens a run in place: plaintext comes to lie at the front of the buffer without gaps. False when any segment fails;
 * the buffer is wiped then, so what had been decrypted of the run is never seen.
 */
export function openBatch(keys: AeadKeys, wire: Uint8Array, shape: BatchShape, native?: NativeRuns): boolean {
  requireFit(wire, shape);
  let done = 0;
  for (const { from, to } of nativeRunsOf(shape, native)) {
    const run = wire.subarray(from * SEALED_SEGMENT_LENGTH, to * SEALED_SEGMENT_LENGTH);
    if (!native?.open(keys, shape.first + from, run)) return refused(wire);
    // It has closed the gaps within the run; what earlier runs left is closed here.
    const start = from * SEALED_SEGMENT_LENGTH;
    if (from > 0) wire.copyWithin(from * SEGMENT_LENGTH, start, start + (to - from) * SEGMENT_LENGTH);
    done = to;
  }
  for (const { slot, aad, length, at } of slots(wire, shape, done)) {
    const plaintext = openSlot(keys, aad, slot);
    const fits = plaintext?.length === length;
    // Segment `at` ends before wire slot `at + 1` starts, so nothing unread is overwritten.
    if (plaintext && fits) wire.set(plaintext, at * SEGMENT_LENGTH);
    plaintext?.fill(0);
    if (!fits) return refused(wire);
  }
  return true;
}

function refused(wire: Uint8Array): false {
  wire.fill(0);
  return false;
}

import { randomBytes } from 'node:crypto';
import { segmentAad } from '../labels.js';
import { IV_LENGTH, SEALED_SEGMENT_LENGTH, SEGMENT_LENGTH, sealedLength } from '../layout.js';
import { batchWireLength, type BatchShape } from '../batches.js';
import { openSlot, sealSlot, type AeadKeys } from './aead.js';

function* slots(wire: Uint8Array, shape: BatchShape) {
  if (wire.length !== batchWireLength(shape)) throw new RangeError('the batch does not fit its buffer');
  for (let at = 0; at < shape.count; at += 1) {
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
 * is moved and the buffer goes to the store as it is.
 */
export function sealBatch(keys: AeadKeys, wire: Uint8Array, shape: BatchShape): void {
  const ivs = randomBytes(shape.count * IV_LENGTH); // one call into the CSPRNG for the run
  for (const { slot, aad, length, at } of slots(wire, shape)) {
    slot.set(ivs.subarray(at * IV_LENGTH, (at + 1) * IV_LENGTH));
    sealSlot(keys, aad, slot, length);
  }
}

/**
 * Opens a run in place: plaintext comes to lie at the front of the buffer without gaps. False when any segment fails;
 * the buffer is wiped then, so what had been decrypted of the run is never seen.
 */
export function openBatch(keys: AeadKeys, wire: Uint8Array, shape: BatchShape): boolean {
  for (const { slot, aad, length, at } of slots(wire, shape)) {
    const plaintext = openSlot(keys, aad, slot);
    const fits = plaintext?.length === length;
    // Segment `at` ends before wire slot `at + 1` starts, so nothing unread is overwritten.
    if (plaintext && fits) wire.set(plaintext, at * SEGMENT_LENGTH);
    plaintext?.fill(0);
    if (fits) continue;
    wire.fill(0);
    return false;
  }
  return true;
}

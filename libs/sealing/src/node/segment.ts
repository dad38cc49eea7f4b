import { randomFillSync } from 'node:crypto';
import { fileIntegrity } from '../integrity.js';
import { segmentAad } from '../labels.js';
import { IV_LENGTH, SEALED_SEGMENT_LENGTH, SEGMENT_LENGTH, sealedLength } from '../layout.js';
import { aeadKeys, openSlot, sealSlot } from './aead.js';
import type { FileKeys } from './file-keys.js';

function requireSegmentLength(length: number, final: boolean): void {
  const fits = final ? length < SEGMENT_LENGTH : length === SEGMENT_LENGTH;
  if (!fits) throw new RangeError('only the last segment is shorter than 65,536 bytes, and it always is');
}

/** Seals one segment under an IV of the caller's choosing: for tests with fixed bytes only. */
export function sealSegmentWithIv(
  keys: FileKeys,
  index: number,
  final: boolean,
  plaintext: Uint8Array,
  iv: Uint8Array,
): Buffer {
  requireSegmentLength(plaintext.length, final);
  const slot = Buffer.alloc(sealedLength(plaintext.length));
  slot.set(iv);
  slot.set(plaintext, IV_LENGTH);
  sealSlot(aeadKeys(keys.suite, new Uint8Array(keys.segments.bytes)), segmentAad(index, final), slot, plaintext.length);
  return slot;
}

/** Seals one segment: IV | E | T. */
export function sealSegment(keys: FileKeys, index: number, final: boolean, plaintext: Uint8Array): Buffer {
  return sealSegmentWithIv(keys, index, final, plaintext, randomFillSync(new Uint8Array(IV_LENGTH)));
}

/** Opens one segment, or refuses it with FILE_INTEGRITY. */
export function openSegment(keys: FileKeys, index: number, final: boolean, sealed: Uint8Array): Buffer {
  const fits = final ? sealed.length < SEALED_SEGMENT_LENGTH : sealed.length === SEALED_SEGMENT_LENGTH;
  if (!fits) throw fileIntegrity('segment length');
  const plaintext = openSlot(
    aeadKeys(keys.suite, new Uint8Array(keys.segments.bytes)),
    segmentAad(index, final),
    sealed,
  );
  if (plaintext === null) throw fileIntegrity(`segment ${index} does not verify`);
  if (plaintext.length >= SEGMENT_LENGTH === final) throw fileIntegrity(`segment ${index} has a wrong length`);
  return plaintext;
}

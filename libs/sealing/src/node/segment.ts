import { randomFillSync } from 'node:crypto';
import { fileIntegrity } from '../integrity.js';
import { segmentAad } from '../labels.js';
import { IV_LENGTH, SEALED_SEGMENT_LENGTH, SEGMENT_LENGTH, sealedLength } from '../layout.js';
import { openSlot, sealSlot, type AeadKeys } from './aead.js';
import { keysGone } from '../refusals.js';
import type { FileKeys } from './file-keys.js';
import { takeKeys } from './live-keys.js';

function requireSegmentLength(length: number, final: boolean): void {
  const fits = final ? length < SEGMENT_LENGTH : length === SEGMENT_LENGTH;
  if (!fits) throw new RangeError('only the last segment is shorter than 65,536 bytes, and it always is');
}

function keysOf({ segments }: FileKeys): AeadKeys {
  const keys = takeKeys(segments);
  if (!keys) throw keysGone();
  return keys;
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
  sealSlot(keysOf(keys), segmentAad(index, final), slot, plaintext.length);
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
  const plaintext = openSlot(keysOf(keys), segmentAad(index, final), sealed);
  if (plaintext === null) throw fileIntegrity(`segment ${index} does not verify`);
  if (plaintext.length >= SEGMENT_LENGTH === final) {
    plaintext.fill(0);
    throw fileIntegrity(`segment ${index} has a wrong length`);
  }
  return plaintext;
}

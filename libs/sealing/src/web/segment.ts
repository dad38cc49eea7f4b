import { concat, type Bytes } from '../bytes.js';
import { fileIntegrity } from '../integrity.js';
import { segmentAad } from '../labels.js';
import { SEALED_SEGMENT_LENGTH, SEGMENT_LENGTH } from '../layout.js';
import { openBytes, sealBytes } from './aead.js';
import type { WebFileKeys } from './file-keys.js';

/** Seals one segment: IV | E | T. */
export function sealSegment(keys: WebFileKeys, index: number, final: boolean, plaintext: Uint8Array): Promise<Bytes> {
  const fits = final ? plaintext.length < SEGMENT_LENGTH : plaintext.length === SEGMENT_LENGTH;
  if (!fits) throw new RangeError('only the last segment is shorter than 65,536 bytes, and it always is');
  return sealBytes(keys.segments, segmentAad(index, final), concat(plaintext));
}

/** Opens one segment, or refuses it with FILE_INTEGRITY. */
export async function openSegment(
  keys: WebFileKeys,
  index: number,
  final: boolean,
  sealed: Uint8Array,
): Promise<Bytes> {
  const fits = final ? sealed.length < SEALED_SEGMENT_LENGTH : sealed.length === SEALED_SEGMENT_LENGTH;
  if (!fits) throw fileIntegrity('segment length');
  const plaintext = await openBytes(keys.segments, segmentAad(index, final), concat(sealed));
  if (plaintext === null) throw fileIntegrity(`segment ${index} does not verify`);
  if (plaintext.length >= SEGMENT_LENGTH === final) throw fileIntegrity(`segment ${index} has a wrong length`);
  return plaintext;
}

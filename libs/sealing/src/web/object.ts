import { DomainError } from '@conclave/errors';
import { AS_WIRE, assemble } from '../assemble.js';
import { batchesOf, type BatchShape } from '../batches.js';
import { objectLength, segmentCount, segmentsForRange, type ByteRange } from '../geometry.js';
import { fileIntegrity } from '../integrity.js';
import { manifestInput } from '../labels.js';
import { SEGMENT_LENGTH } from '../layout.js';
import { isSane, type Manifest, type ManifestFacts } from '../manifest.js';
import { equalBytes, shortHmac } from './aead.js';
import type { Bytes } from '../bytes.js';
import type { WebFileKeys } from './file-keys.js';
import { openSegment, sealSegment } from './segment.js';

/** One batch per segment: WebCrypto is asynchronous anyway, and a browser tab has little memory to give. */
const ONE = 1;

function lengthOf(shape: BatchShape): number {
  return shape.final ? shape.lastLength : SEGMENT_LENGTH;
}

/** The whole object, header first, in pieces. The source must have exactly `plaintextLength` bytes (LENGTH_MISMATCH). */
export async function* sealStream(
  keys: WebFileKeys,
  source: AsyncIterable<Uint8Array>,
  plaintextLength: number,
): AsyncGenerator<Bytes, void> {
  yield keys.header;
  const shapes = [...batchesOf(0, segmentCount(plaintextLength) - 1, plaintextLength, ONE)];
  const mismatch = () => new DomainError('LENGTH_MISMATCH');
  const plain = { length: lengthOf, place: AS_WIRE.place };
  const refuse = { tooShort: mismatch, tooLong: mismatch };
  for await (const { shape, buffer } of assemble(source[Symbol.asyncIterator](), shapes, plain, refuse)) {
    yield await sealSegment(keys, shape.first, shape.final, new Uint8Array(buffer, 0, lengthOf(shape)));
  }
}

/** Verified plaintext of a range; `source` gives the wire bytes of exactly the segments that `segmentsForRange` names. */
export async function* openStream(
  keys: WebFileKeys,
  source: AsyncIterable<Uint8Array>,
  plaintextLength: number,
  range: ByteRange = { start: 0, end: plaintextLength },
): AsyncGenerator<Bytes, void> {
  const { first, last } = segmentsForRange(range, plaintextLength);
  const shapes = [...batchesOf(first, last, plaintextLength, ONE)];
  const refuse = { tooShort: () => fileIntegrity('too short'), tooLong: () => fileIntegrity('too long') };
  for await (const { shape, buffer } of assemble(source[Symbol.asyncIterator](), shapes, AS_WIRE, refuse)) {
    const plaintext = await openSegment(keys, shape.first, shape.final, new Uint8Array(buffer));
    if (plaintext.length !== lengthOf(shape)) throw fileIntegrity('plaintext length');
    const at = shape.first * SEGMENT_LENGTH;
    const wanted = plaintext.subarray(Math.max(0, range.start - at), Math.max(0, range.end - at));
    if (wanted.length > 0) yield wanted;
  }
}

/** First 32 bytes of HMAC(MANIFEST_KEY, `manifestInput`). */
export function makeManifestTag(keys: WebFileKeys, facts: ManifestFacts): Promise<Bytes> {
  return shortHmac(keys.manifest, manifestInput(keys.header, facts));
}

/** Refuses (FILE_INTEGRITY) a manifest that is not the one made for this object. */
export async function verifyManifest(keys: WebFileKeys, manifest: Manifest): Promise<void> {
  const { plaintextLength, manifestTag } = manifest;
  if (!isSane(manifest) || objectLength(plaintextLength) !== manifest.objectLength) throw fileIntegrity('manifest');
  if (!equalBytes(await makeManifestTag(keys, manifest), manifestTag)) throw fileIntegrity('manifest tag');
}

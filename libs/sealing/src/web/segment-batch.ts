/** Also runs in workers, which have no import map: no other package. */
import { batchWireLength, type BatchShape } from '../batches.js';
import { u64be, type Bytes } from '../bytes.js';
import { segmentAad } from '../labels.js';
import { IV_LENGTH, SEALED_SEGMENT_LENGTH, SEGMENT_LENGTH, TAG_LENGTH, sealedLength } from '../layout.js';
import { wipe } from '../wipe.js';
import { equalBytes, shortHmac, type WebAeadKeys } from './aead.js';

/**
 * Free bytes in front of a run. WebCrypto has no running HMAC: A || IV || E || length of A must lie in one piece. So A is written
 * right before the IV and the length right behind E, where tags will be: 19 bytes at the end of one tag, 8 at the start of another.
 */
export const FRONT = TAG_LENGTH;

/** Segments of a batch, 256 KiB: calls on larger pieces are slower, and smaller batches spend more on messages. */
export const SEGMENTS_PER_WEB_BATCH = 4;

/** Where one segment lies in a batch's buffer. */
interface Slot {
  readonly aad: Bytes;
  readonly iv: Bytes;
  readonly plaintext: Bytes;
  /** What the plaintext becomes, at the same place and up to a block longer. */
  readonly ciphertext: Bytes;
  readonly tag: Bytes;
  /** A || IV || E || length of A, as soon as `tagsFor` has written the two outer ones. */
  readonly authenticated: Bytes;
}

function slotsOf(buffer: ArrayBuffer, shape: BatchShape): readonly Slot[] {
  if (buffer.byteLength !== FRONT + batchWireLength(shape)) {
    throw new RangeError('the batch does not fit its buffer');
  }
  return Array.from({ length: shape.count }, (_, at) => {
    const last = at === shape.count - 1;
    const length = last ? shape.lastLength : SEGMENT_LENGTH;
    const aad = segmentAad(shape.first + at, last && shape.final);
    const start = FRONT + at * SEALED_SEGMENT_LENGTH;
    const tagAt = start + sealedLength(length) - TAG_LENGTH;
    const span = (from: number, to: number) => new Uint8Array(buffer, from, to - from);
    return {
      aad,
      iv: span(start, start + IV_LENGTH),
      plaintext: span(start + IV_LENGTH, start + IV_LENGTH + length),
      ciphertext: span(start + IV_LENGTH, tagAt),
      tag: span(tagAt, tagAt + TAG_LENGTH),
      authenticated: span(start - aad.length, tagAt + 8),
    };
  });
}

/** The tag that a segment has to have. Overwrites bytes of its own tag's place and of the one before. */
function tagFor(keys: WebAeadKeys, { aad, authenticated }: Slot): Promise<Bytes> {
  authenticated.set(aad);
  authenticated.set(u64be(8 * aad.length), authenticated.length - 8);
  return shortHmac(keys.mac, authenticated);
}

/** Fresh IVs from the CSPRNG, one call a run. */
const freshIvs = (count: number): Bytes => crypto.getRandomValues(new Uint8Array(count * IV_LENGTH));

/**
 * Seals a run in place. Each plaintext already lies where its ciphertext will be (`FRONT` and 16 bytes into its slot), and is
 * overwritten by it. Only tests choose IVs.
 */
export async function sealBatch(
  keys: WebAeadKeys,
  buffer: ArrayBuffer,
  shape: BatchShape,
  ivs: Uint8Array = freshIvs(shape.count),
): Promise<void> {
  const slots = slotsOf(buffer, shape);
  const tags = await Promise.all(
    slots.map(async (slot, at) => {
      slot.iv.set(ivs.subarray(at * IV_LENGTH, (at + 1) * IV_LENGTH));
      const algorithm = { name: 'AES-CBC', iv: slot.iv };
      slot.ciphertext.set(new Uint8Array(await crypto.subtle.encrypt(algorithm, keys.encryption, slot.plaintext)));
      return tagFor(keys, slot);
    }),
  );
  // Only now: while tags are made, their places hold what they are made over.
  slots.forEach(({ tag }, at) => tag.set(tags[at] ?? []));
}

/**
 * Opens a run: the plaintext of each segment in a buffer of its own, as WebCrypto makes it. All tags are compared before anything
 * is decrypted. Undefined when any segment fails; the buffers are wiped then, so what had been decrypted of the run is never seen.
 */
export async function openBatch(
  keys: WebAeadKeys,
  buffer: ArrayBuffer,
  shape: BatchShape,
): Promise<readonly ArrayBuffer[] | undefined> {
  const slots = slotsOf(buffer, shape);
  const expected = slots.map(({ tag }) => tag.slice());
  const tags = await Promise.all(slots.map((slot) => tagFor(keys, slot)));
  const wrong = tags.filter((tag, at) => !equalBytes(tag, expected[at] ?? new Uint8Array(0)));
  if (wrong.length > 0) return undefined;
  const opened = await Promise.allSettled(
    slots.map(({ iv, ciphertext }) => crypto.subtle.decrypt({ name: 'AES-CBC', iv }, keys.encryption, ciphertext)),
  );
  const plaintexts = opened.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  // Bad padding or another length under a good tag: only somebody who holds the keys can make that.
  const fit = plaintexts.every(({ byteLength }, at) => byteLength === slots[at]?.plaintext.length);
  if (fit && plaintexts.length === slots.length) return plaintexts;
  for (const plaintext of plaintexts) wipe(plaintext);
  return undefined;
}

import { SEALED_SEGMENT_LENGTH, SEGMENT_LENGTH, TAG_LENGTH, sealedLength } from './layout.js';

/** A run of segments that lie one after another in one buffer, at their places on the wire. */
export interface BatchShape {
  /** Number of the first segment in the file. */
  readonly first: number;
  readonly count: number;
  /** Plaintext bytes of the run's last segment; all before it are full. */
  readonly lastLength: number;
  /** Whether the run's last segment is the file's last. */
  readonly final: boolean;
}

/** Bytes of the run on the wire. */
export function batchWireLength({ count, lastLength }: BatchShape): number {
  return (count - 1) * SEALED_SEGMENT_LENGTH + sealedLength(lastLength);
}

/** Bytes of the run in clear. */
export function batchPlainLength({ count, lastLength }: BatchShape): number {
  return (count - 1) * SEGMENT_LENGTH + lastLength;
}

/** Cuts segments `first` to `last` of a file into runs of at most `size`. */
export function* batchesOf(first: number, last: number, plaintextLength: number, size: number): Generator<BatchShape> {
  const fileLast = Math.floor(plaintextLength / SEGMENT_LENGTH);
  for (let at = first; at <= last; at += size) {
    const count = Math.min(size, last - at + 1);
    const final = at + count - 1 === fileLast;
    yield { first: at, count, final, lastLength: final ? plaintextLength % SEGMENT_LENGTH : SEGMENT_LENGTH };
  }
}

/** The tags of a run of segments, in order; `wire` holds the sealed run. */
export function tagsOf(wire: Uint8Array, { count }: BatchShape): Uint8Array {
  const tags = new Uint8Array(count * TAG_LENGTH);
  for (let at = 0; at < count; at += 1) {
    const end = at === count - 1 ? wire.length : (at + 1) * SEALED_SEGMENT_LENGTH;
    tags.set(wire.subarray(end - TAG_LENGTH, end), at * TAG_LENGTH);
  }
  return tags;
}

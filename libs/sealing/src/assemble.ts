import { batchPlainLength, batchWireLength, type BatchShape } from './batches.js';
import { IV_LENGTH, SEALED_SEGMENT_LENGTH, SEGMENT_LENGTH } from './layout.js';

/** A run of segments with its bytes: plaintext waiting to be sealed in place, or wire bytes waiting to be opened. */
export interface AssembledBatch {
  readonly shape: BatchShape;
  readonly buffer: ArrayBuffer;
}

/** How a stream's bytes come to lie in a batch's buffer. */
interface Placement {
  /** Stream bytes of a batch. */
  length(shape: BatchShape): number;
  /** Where stream byte `at` of a batch goes, and how many may follow it there without a gap. */
  place(at: number): { readonly offset: number; readonly room: number };
}

/** Plaintext goes where its ciphertext will be, 16 bytes into its slot. */
export const AS_PLAINTEXT: Placement = {
  length: batchPlainLength,
  place(at) {
    const within = at % SEGMENT_LENGTH;
    const slot = Math.floor(at / SEGMENT_LENGTH) * SEALED_SEGMENT_LENGTH;
    return { offset: slot + IV_LENGTH + within, room: SEGMENT_LENGTH - within };
  },
};

/** Wire bytes lie one after another. */
export const AS_WIRE: Placement = {
  length: batchWireLength,
  place: (at) => ({ offset: at, room: Number.POSITIVE_INFINITY }),
};

/** What to throw when the stream does not have exactly the bytes that the batches ask for. */
export interface LengthRefusals {
  tooShort(): Error;
  tooLong(): Error;
}

/** A byte stream that may tell what it has at hand: a stream in chunks of 64 KiB would cost a promise or several for each. */
export interface ByteSource extends AsyncIterator<Uint8Array, unknown> {
  /** The next chunk, if it is there already; undefined where it must be waited for, and at the end. */
  atHand?(): Uint8Array | undefined;
}

const NOTHING = new Uint8Array(0);

/**
 * Cuts a byte stream of any chunking into batches. The last batch is handed out only once the stream has ended where it
 * should: a stream that is longer or shorter than declared is refused before its end looks like one. `allocate` may give used
 * buffers: every byte of them is written before they are read.
 */
export async function* assemble(
  source: ByteSource,
  shapes: Iterable<BatchShape>,
  placement: Placement,
  refuse: LengthRefusals,
  allocate: (length: number) => ArrayBuffer = (length) => new ArrayBuffer(length),
): AsyncGenerator<AssembledBatch, void> {
  let chunk: Uint8Array = NOTHING;
  let ended = false;

  /** Makes `chunk` non-empty without waiting, if that can be. */
  const atHand = (): boolean => {
    if (chunk.length === 0 && !ended) chunk = source.atHand?.() ?? NOTHING;
    return chunk.length > 0;
  };

  /** Makes `chunk` non-empty, or says that the stream is over. */
  const more = async (): Promise<boolean> => {
    while (!atHand() && !ended) {
      const next = await source.next();
      if (next.done) ended = true;
      else if (next.value instanceof Uint8Array) chunk = next.value;
      else throw new TypeError('a stream to seal or open gives bytes, not text');
    }
    return !ended;
  };

  const fill = async (shape: BatchShape, target: Uint8Array): Promise<void> => {
    const length = placement.length(shape);
    for (let at = 0; at < length;) {
      if (!atHand() && !(await more())) throw refuse.tooShort();
      const { offset, room } = placement.place(at);
      const taken = chunk.subarray(0, Math.min(room, length - at));
      target.set(taken, offset);
      chunk = chunk.subarray(taken.length);
      at += taken.length;
    }
  };

  try {
    const all = shapes[Symbol.iterator]();
    let at = all.next();
    // Where nothing is asked for, nothing may come.
    if (at.done && (await more())) throw refuse.tooLong();
    while (!at.done) {
      const shape = at.value;
      at = all.next();
      const buffer = allocate(batchWireLength(shape));
      const target = new Uint8Array(buffer);
      try {
        await fill(shape, target);
        if (at.done && (await more())) throw refuse.tooLong();
      } catch (error) {
        // Broken off, too short or too long: what has come of it is not kept.
        target.fill(0);
        throw error;
      }
      yield { shape, buffer };
    }
  } finally {
    if (!ended) await source.return?.();
  }
}

import { SEALED_SEGMENT_LENGTH, SEGMENTS_PER_BATCH } from '../layout.js';

const FULL = SEGMENTS_PER_BATCH * SEALED_SEGMENT_LENGTH;

/** Buffers kept for the next stream; more than these go back to the system. */
const MOST_KEPT = 32;

/**
 * Buffers of whole batches, used again and again. A new one for every MiB of a stream would cost more than its pages: each
 * counts as memory outside the heap, and makes the collector walk the whole heap of the process every few MiB.
 */
export class BatchBuffers {
  readonly #kept: ArrayBuffer[] = [];

  /** A buffer with whatever was in it: to be filled to its end before anybody sees it. */
  take(length: number): ArrayBuffer {
    return (length === FULL ? this.#kept.pop() : undefined) ?? new ArrayBuffer(length);
  }

  /** Takes a buffer back; nobody may read it any more, no socket either. */
  give(buffer: ArrayBufferLike): void {
    if (this.#kept.length >= MOST_KEPT || buffer.byteLength !== FULL) return;
    if (buffer instanceof ArrayBuffer && !this.#kept.includes(buffer)) this.#kept.push(buffer);
  }
}

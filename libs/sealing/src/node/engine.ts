import { batchPlainLength, type BatchShape } from '../batches.js';
import type { Suite } from '../suite.js';
import { fileIntegrity } from '../integrity.js';
import { aeadKeys } from './aead.js';
import { openBatch, sealBatch } from './segment-batch.js';

/** MAC_KEY | ENC_KEY of one file, in shared memory: workers read it where it is, and one wipe empties it for all. */
export interface SegmentKeys {
  readonly suite: Suite;
  readonly bytes: SharedArrayBuffer;
}

/** One run of segments to work on. The engine takes the buffer over; the caller must not touch it again. */
export interface SegmentBatch extends BatchShape {
  readonly keys: SegmentKeys;
  readonly buffer: ArrayBuffer;
}

/** Where the cryptography of segments is carried out. */
export interface SegmentEngine {
  /** How many batches one stream may usefully have under way. */
  readonly width: number;
  /** The run as it goes on the wire. Rejects with the signal's reason when aborted. */
  seal(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer>;
  /** The run's plaintext, every tag checked. Rejects with FILE_INTEGRITY when a segment does not verify. */
  open(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer>;
}

/** Works on the calling thread: for tools and tests. A service uses the pool, so that its event loop stays free. */
export class CallingThread implements SegmentEngine {
  readonly width = 1;

  async seal(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer> {
    signal?.throwIfAborted();
    sealBatch(aeadKeys(batch.keys.suite, new Uint8Array(batch.keys.bytes)), new Uint8Array(batch.buffer), batch);
    return Buffer.from(batch.buffer);
  }

  async open(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer> {
    signal?.throwIfAborted();
    const keys = aeadKeys(batch.keys.suite, new Uint8Array(batch.keys.bytes));
    if (!openBatch(keys, new Uint8Array(batch.buffer), batch)) throw batchRefused(batch);
    return Buffer.from(batch.buffer, 0, batchPlainLength(batch));
  }
}

/** The refusal of a run, the same from every engine. */
export function batchRefused({ first, count }: BatchShape): Error {
  return fileIntegrity(`a segment of ${first}-${first + count - 1} does not verify`);
}

import { crc32 } from 'node:zlib';
import { batchPlainLength, type BatchShape } from '../batches.js';
import { batchRefused, keysGone } from '../refusals.js';
import { wipe } from '../wipe.js';
import { BatchBuffers } from './batch-buffers.js';
import type { AeadKeys } from './aead.js';
import { keysLive, takeKeys, type SegmentKeys } from './live-keys.js';
import { openBatch, sealBatch } from './segment-batch.js';

export type { SegmentKeys } from './live-keys.js';

/** One run of segments to work on. The engine takes the buffer over; the caller must not touch it again. */
export interface SegmentBatch extends BatchShape {
  readonly keys: SegmentKeys;
  readonly buffer: ArrayBuffer;
}

/** A run to be sealed. */
export interface SealBatch extends SegmentBatch {
  /** Whether the CRC-32 of the sealed run is wanted, which a store compares. */
  readonly summed?: boolean;
}

/** A run as it goes on the wire. */
export interface SealedBatch {
  readonly wire: Buffer;
  /** Its CRC-32, where that was wanted. */
  readonly crc32?: number | undefined;
}

/** Where the cryptography of segments is carried out. */
export interface SegmentEngine {
  /** How many batches one stream may usefully have under way; it may change with how many streams there are. */
  readonly width: number;
  /** Where buffers of batches come from, and where they go when nobody reads them any more. */
  readonly buffers: BatchBuffers;
  /** The run as it goes on the wire. Rejects with the signal's reason when aborted. */
  seal(batch: SealBatch, signal?: AbortSignal): Promise<SealedBatch>;
  /** The run's plaintext, every tag checked. Rejects with FILE_INTEGRITY when a segment does not verify. */
  open(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer>;
}

/** Works on the calling thread: for tools and tests. A service uses the pool, so that its event loop stays free. */
export class CallingThread implements SegmentEngine {
  readonly width = 1;
  readonly buffers = new BatchBuffers();

  async seal(batch: SealBatch, signal?: AbortSignal): Promise<SealedBatch> {
    workHere(batch, signal, (keys, wire) => sealBatch(keys, wire, batch));
    const wire = Buffer.from(batch.buffer);
    return { wire, crc32: batch.summed ? crc32(wire) : undefined };
  }

  async open(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer> {
    workHere(batch, signal, (keys, wire) => {
      if (!openBatch(keys, wire, batch)) throw batchRefused(batch);
    });
    return Buffer.from(batch.buffer, 0, batchPlainLength(batch));
  }
}

/** The buffer holds what was asked for, or nothing. */
function workHere(
  { buffer, keys }: SegmentBatch,
  signal: AbortSignal | undefined,
  work: (keys: AeadKeys, wire: Uint8Array) => void,
): void {
  try {
    signal?.throwIfAborted();
    const taken = takeKeys(keys);
    if (!taken) throw keysGone();
    work(taken, new Uint8Array(buffer));
    if (!keysLive(keys)) throw keysGone();
  } catch (error) {
    wipe(buffer);
    throw error;
  }
}

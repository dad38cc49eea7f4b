import { DomainError } from '@conclave/errors';
import { batchPlainLength, type BatchShape } from '../batches.js';
import { fileIntegrity } from '../integrity.js';
import { BatchBuffers } from './batch-buffers.js';
import type { AeadKeys } from './aead.js';
import { keysLive, takeKeys, type SegmentKeys } from './live-keys.js';
import { RunningDigests, type ObjectDigests } from './object-digests.js';
import { openBatch, sealBatch } from './segment-batch.js';
import { wipe } from './wipe.js';

export type { SegmentKeys } from './live-keys.js';

/** One run of segments to work on. The engine takes the buffer over; the caller must not touch it again. */
export interface SegmentBatch extends BatchShape {
  readonly keys: SegmentKeys;
  readonly buffer: ArrayBuffer;
}

/** Seals the runs of one object, to be given in order, and hashes the object and its plaintext on the way. */
export interface SealingLane {
  /** As the engine's `seal`. */
  seal(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer>;
  /** Known once the run with the object's last segment is sealed. */
  readonly digests: ObjectDigests | undefined;
  /** Nothing more comes. */
  close(): void;
}

/** Where the cryptography of segments is carried out. */
export interface SegmentEngine {
  /** How many batches one stream may usefully have under way. */
  readonly width: number;
  /** Where buffers of batches come from, and where they go when nobody reads them any more. */
  readonly buffers: BatchBuffers;
  /** For one new object; its header is hashed first. */
  lane(header: Uint8Array): SealingLane;
  /** The run as it goes on the wire. Rejects with the signal's reason when aborted. */
  seal(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer>;
  /** The run's plaintext, every tag checked. Rejects with FILE_INTEGRITY when a segment does not verify. */
  open(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer>;
}

/** Works on the calling thread: for tools and tests. A service uses the pool, so that its event loop stays free. */
export class CallingThread implements SegmentEngine {
  readonly width = 1;
  readonly buffers = new BatchBuffers();

  lane(header: Uint8Array): SealingLane {
    const running = new RunningDigests(header);
    let digests: ObjectDigests | undefined;
    return {
      seal: async (batch, signal) => {
        const wire = sealHere(batch, signal, running);
        if (batch.final) digests = running.digests();
        return wire;
      },
      get digests() {
        return digests;
      },
      close: () => undefined,
    };
  }

  async seal(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer> {
    return sealHere(batch, signal);
  }

  async open(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer> {
    workHere(batch, signal, (keys, wire) => {
      if (!openBatch(keys, wire, batch)) throw batchRefused(batch);
    });
    return Buffer.from(batch.buffer, 0, batchPlainLength(batch));
  }
}

function sealHere(batch: SegmentBatch, signal: AbortSignal | undefined, digests?: RunningDigests): Buffer {
  workHere(batch, signal, (keys, wire) => {
    digests?.expect(batch);
    sealBatch(keys, wire, batch, digests);
  });
  return Buffer.from(batch.buffer);
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

/** The file's keys were wiped: its owner has stopped, and nothing more comes of it. */
export const keysGone = (): DomainError =>
  new DomainError('UNAVAILABLE', { message: 'the keys of the file were wiped' });

/** The refusal of a run, the same from every engine. */
export function batchRefused({ first, count }: BatchShape): Error {
  return fileIntegrity(`a segment of ${first}-${first + count - 1} does not verify`);
}

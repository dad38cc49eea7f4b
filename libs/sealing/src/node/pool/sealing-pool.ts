import { availableParallelism } from 'node:os';
import { batchPlainLength } from '../../batches.js';
import { BatchPool } from '../../pool/batch-pool.js';
import { wipe } from '../../wipe.js';
import { BatchBuffers } from '../batch-buffers.js';
import { PORTABLE, type EngineChoice } from '../choose-engine.js';
import type { SealBatch, SealedBatch, SegmentBatch, SegmentEngine } from '../engine.js';
import type { SegmentKeys } from '../live-keys.js';
import type { WorkedRun } from './messages.js';
import { NodeThread } from './node-thread.js';

/** Sizes of a pool. */
export interface SealingPoolOptions {
  /** Worker threads; 0 means one per core. */
  readonly workers?: number;
  /** What works on runs of full segments; the portable engine where nothing is said. */
  readonly engine?: EngineChoice;
}

/** Worker threads that seal and open runs of segments, shared by all uploads and downloads of a process. */
export class SealingPool extends BatchPool<SegmentKeys, WorkedRun> implements SegmentEngine {
  readonly buffers = new BatchBuffers();

  constructor({ workers = 0, engine = PORTABLE }: SealingPoolOptions = {}) {
    const native = engine.engine === 'native' ? { module: engine.module, path: engine.path } : undefined;
    super({
      workers: workers === 0 ? availableParallelism() : workers,
      start: (events) => new NodeThread({ native }, events),
      drop: ({ buffer }) => wipe(buffer),
    });
  }

  async seal(batch: SealBatch, signal?: AbortSignal): Promise<SealedBatch> {
    const { buffer, crc32 } = await this.run('seal', batch, signal);
    return { wire: Buffer.from(buffer), crc32 };
  }

  async open(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer> {
    const { buffer } = await this.run('open', batch, signal);
    return Buffer.from(buffer, 0, batchPlainLength(batch));
  }
}

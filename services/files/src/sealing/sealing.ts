import type { Suite } from '@conclave/sealing';
import {
  SealingPool,
  type BatchBuffers,
  type SealingLane,
  type SegmentBatch,
  type SegmentEngine,
} from '@conclave/sealing/node';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { FilesMetrics } from '../files-metrics.js';

/** The suite that new objects are sealed with, and the worker threads that do it for all streams of this process. */
@Injectable()
export class Sealing implements SegmentEngine, OnApplicationShutdown {
  private readonly pool: SealingPool;

  constructor(
    readonly suite: Suite,
    workers: number,
    private readonly metrics: FilesMetrics,
  ) {
    this.pool = new SealingPool({ workers });
  }

  get width(): number {
    return this.pool.width;
  }

  get buffers(): BatchBuffers {
    return this.pool.buffers;
  }

  lane(header: Uint8Array): SealingLane {
    const lane = this.pool.lane(header);
    return {
      seal: (batch, signal) => this.timed('seal', lane.seal(batch, signal)),
      get digests() {
        return lane.digests;
      },
      close: () => lane.close(),
    };
  }

  seal(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer> {
    return this.timed('seal', this.pool.seal(batch, signal));
  }

  open(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer> {
    return this.timed('open', this.pool.open(batch, signal));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }

  private async timed(op: 'seal' | 'open', work: Promise<Buffer>): Promise<Buffer> {
    const started = performance.now();
    const result = await work;
    this.metrics.cryptoDone(op, (performance.now() - started) / 1000);
    return result;
  }
}

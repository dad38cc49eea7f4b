import type { ManifestVersion, Suite } from '@conclave/sealing';
import {
  SealingPool,
  type BatchBuffers,
  type SealBatch,
  type SealedBatch,
  type SegmentBatch,
  type SegmentEngine,
} from '@conclave/sealing/node';
import { Logger } from '@conclave/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { configToken, type Config } from '../config.js';
import { FilesMetrics } from '../files-metrics.js';
import { chooseEngine } from './choose-engine.js';
import { Streams } from './streams.js';

/** The suite and the manifest that new objects are sealed with, and the worker threads that do it for all streams of this process. */
@Injectable()
export class Sealing implements SegmentEngine, OnApplicationShutdown {
  readonly suite: Suite;
  readonly manifestVersion: ManifestVersion;
  private readonly pool: SealingPool;

  constructor(
    @Inject(configToken)
    config: Pick<Config, 'SEALING_SUITE' | 'SEALING_WORKERS' | 'SEALING_ENGINE' | 'SEALING_MODULE' | 'SEALED_MANIFEST'>,
    private readonly metrics: FilesMetrics,
    private readonly streams: Streams,
    logger: Logger,
  ) {
    this.suite = config.SEALING_SUITE;
    this.manifestVersion = config.SEALED_MANIFEST;
    const choice = chooseEngine(config);
    const engine = `${choice.engine}:${choice.path}`;
    logger.info('sealing engine chosen', { engine, reason: choice.reason, suite: this.suite });
    metrics.engineChosen(choice.engine, choice.path, choice.reason);
    this.pool = new SealingPool({ workers: config.SEALING_WORKERS, engine: choice });
  }

  get width(): number {
    return Math.min(this.pool.width, this.streams.ahead);
  }

  get buffers(): BatchBuffers {
    return this.pool.buffers;
  }

  seal(batch: SealBatch, signal?: AbortSignal): Promise<SealedBatch> {
    return this.timed('seal', this.pool.seal(batch, signal));
  }

  open(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer> {
    return this.timed('open', this.pool.open(batch, signal));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }

  private async timed<Result>(op: 'seal' | 'open', work: Promise<Result>): Promise<Result> {
    const started = performance.now();
    const result = await work;
    this.metrics.cryptoDone(op, (performance.now() - started) / 1000);
    return result;
  }
}

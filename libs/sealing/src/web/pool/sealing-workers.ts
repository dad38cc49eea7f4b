import type { Bytes } from '../../bytes.js';
import { BatchPool } from '../../pool/batch-pool.js';
import type { WebAeadKeys } from '../aead.js';
import { whileLive, wipeAll, wireOf, type WebBatch, type WebEngine } from '../engine.js';
import type { WebWorker } from './messages.js';
import { WebWorkerThread } from './web-worker-thread.js';

/** What a page's workers are made of. */
export interface SealingWorkersOptions {
  /** Starts `pool/worker`, as the page's build has it; see `startWorker`. */
  start(): WebWorker;
  /** Two unless something else is said: a page has other things to do than to seal. */
  readonly workers?: number;
}

/** Workers of a page that seal and open runs of segments, shared by all its files. */
export class SealingWorkers extends BatchPool<WebAeadKeys, readonly ArrayBuffer[]> implements WebEngine {
  constructor({ start, workers = 2 }: SealingWorkersOptions) {
    super({ workers, start: (events) => new WebWorkerThread(start(), events), drop: wipeAll });
  }

  async seal(batch: WebBatch, signal?: AbortSignal): Promise<Bytes> {
    const [buffer] = await whileLive(batch.keys, (keys) => this.run('seal', { ...batch, keys }, signal));
    return wireOf(buffer ?? new ArrayBuffer(0));
  }

  async open(batch: WebBatch, signal?: AbortSignal): Promise<readonly Bytes[]> {
    const opened = await whileLive(batch.keys, (keys) => this.run('open', { ...batch, keys }, signal));
    return opened.map((plaintext) => new Uint8Array(plaintext));
  }
}

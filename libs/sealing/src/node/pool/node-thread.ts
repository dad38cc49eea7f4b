import { Worker } from 'node:worker_threads';
import type { PoolThread, ThreadEvents } from '../../pool/batch-pool.js';
import type { SegmentKeys } from '../live-keys.js';
import type { NodeReply, NodeRequest, WorkedRun, WorkerOptions } from './messages.js';

function startWorker(workerData: WorkerOptions): Worker {
  const fromSource = import.meta.url.endsWith('.ts');
  const entry = new URL(fromSource ? './load-source.mjs' : './worker.js', import.meta.url);
  // No inherited flags, environment or arguments: the worker needs none, and its environment may hold secrets.
  return new Worker(entry, { name: 'sealing', execArgv: [], env: {}, argv: [], workerData });
}

/** One worker thread and the ids of the requests it has in hand. */
export class NodeThread implements PoolThread<SegmentKeys> {
  readonly #worker: Worker;
  readonly #inHand = new Set<number>();
  #gone = false;

  constructor(options: WorkerOptions, events: ThreadEvents<WorkedRun>) {
    this.#worker = startWorker(options);
    let cause = new Error('a sealing worker ended');
    // An idle worker must not keep a process alive that has nothing else to do.
    this.#worker.unref();
    this.#worker.on('message', (reply: NodeReply) => {
      this.#inHand.delete(reply.id);
      if (this.#inHand.size === 0) this.#worker.unref();
      events.replied(reply);
    });
    this.#worker.on('error', (error) => {
      cause = new Error('a sealing worker crashed', { cause: error });
    });
    this.#worker.on('exit', () => {
      this.#gone = true;
      const lost = [...this.#inHand];
      this.#inHand.clear();
      events.died(lost, cause);
    });
  }

  get load(): number {
    return this.#inHand.size;
  }

  get gone(): boolean {
    return this.#gone;
  }

  send(request: NodeRequest): void {
    // First: a request that cannot be posted must not count as being in hand.
    this.#worker.postMessage(request, [request.buffer]);
    if (this.#inHand.size === 0) this.#worker.ref();
    this.#inHand.add(request.id);
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}

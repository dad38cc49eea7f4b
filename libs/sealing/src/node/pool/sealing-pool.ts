import { availableParallelism } from 'node:os';
import { DomainError } from '@conclave/errors';
import { batchPlainLength } from '../../batches.js';
import { BatchBuffers } from '../batch-buffers.js';
import {
  batchRefused,
  keysGone,
  type SealBatch,
  type SealedBatch,
  type SegmentBatch,
  type SegmentEngine,
} from '../engine.js';
import { PORTABLE, type EngineChoice } from '../choose-engine.js';
import { wipe } from '../wipe.js';
import type { WorkerOptions, WorkerReply, WorkerRequest } from './messages.js';
import { PoolThread } from './pool-thread.js';

/** Sizes of a pool. */
export interface SealingPoolOptions {
  /** Worker threads; 0 means one per core. */
  readonly workers?: number;
  /** What works on runs of full segments; the portable engine where nothing is said. */
  readonly engine?: EngineChoice;
}

/** A worker died, or the pool was closed, while it had the batch in hand: UNAVAILABLE, for the same call may succeed later. */
export class SealingInterrupted extends DomainError {
  constructor(message: string, cause?: unknown) {
    super('UNAVAILABLE', { message, cause });
  }
}

/** One to work on, one waiting at its door, so that a worker never idles for the length of a message. */
const BATCHES_PER_WORKER = 2;

/** A stream keeps no more than this under way, however many cores there are: its memory is 1 MiB for each. */
const MOST_AHEAD = 4;

interface Job {
  readonly request: WorkerRequest;
  readonly batch: SegmentBatch;
  settle(outcome: SealedBatch | Error): void;
}

/**
 * Worker threads that seal and open runs of segments, shared by all uploads and downloads of a process, first come first
 * served, each run by whichever is free. Each stream keeps only `width` batches here, so a fast one cannot push the others aside.
 */
export class SealingPool implements SegmentEngine {
  readonly width: number;
  readonly buffers = new BatchBuffers();
  private readonly threads: PoolThread[];
  readonly #waiting: Job[] = [];
  readonly #running = new Map<number, Job>();
  readonly #options: WorkerOptions;
  #nextId = 1;
  #closed = false;

  constructor({ workers = 0, engine = PORTABLE }: SealingPoolOptions = {}) {
    if (!Number.isSafeInteger(workers) || workers < 0) throw new RangeError(`not a number of workers: ${workers}`);
    const size = workers === 0 ? availableParallelism() : workers;
    this.#options = { native: engine.engine === 'native' ? { module: engine.module, path: engine.path } : undefined };
    this.threads = Array.from({ length: size }, () => this.#start());
    this.width = Math.min(size * BATCHES_PER_WORKER, MOST_AHEAD);
  }

  /** Batches waiting and batches in workers' hands. */
  get load(): { readonly waiting: number; readonly running: number } {
    return { waiting: this.#waiting.length, running: this.#running.size };
  }

  seal(batch: SealBatch, signal?: AbortSignal): Promise<SealedBatch> {
    return this.#run('seal', batch, signal);
  }

  async open(batch: SegmentBatch, signal?: AbortSignal): Promise<Buffer> {
    const { wire } = await this.#run('open', batch, signal);
    return wire.subarray(0, batchPlainLength(batch));
  }

  /** Ends the workers; whatever was under way rejects with SealingInterrupted. */
  async destroy(): Promise<void> {
    this.#closed = true;
    const interrupted = new SealingInterrupted('the sealing pool was closed');
    for (const job of [...this.#running.values(), ...this.#waiting.splice(0)]) job.settle(interrupted);
    this.#running.clear();
    await Promise.all(this.threads.map((thread) => thread.terminate()));
  }

  #run(operation: WorkerRequest['operation'], batch: SealBatch, signal?: AbortSignal): Promise<SealedBatch> {
    const { first, count, lastLength, final, buffer, keys, summed = false } = batch;
    const refusal = this.#refusal(signal);
    if (refusal) {
      wipe(buffer);
      return Promise.reject(refusal);
    }
    const id = this.#nextId++;
    const request = { id, operation, keys, buffer, first, count, lastLength, final, summed };
    return new Promise((resolve, reject) => {
      // The worker finishes an aborted batch; its reply finds no job any more and is dropped.
      const abort = () => {
        const at = this.#waiting.indexOf(job);
        if (at >= 0) this.#waiting.splice(at, 1);
        this.#running.delete(id);
        job.settle(asError(signal?.reason));
      };
      const job: Job = {
        request,
        batch,
        settle: (outcome) => {
          signal?.removeEventListener('abort', abort);
          if (!(outcome instanceof Error)) return resolve(outcome);
          // Empty where a worker has it: the worker wipes it, or it is wiped when it comes back.
          wipe(buffer);
          reject(outcome);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(job);
      this.#dispatch();
    });
  }

  #refusal(signal: AbortSignal | undefined): Error | undefined {
    if (this.#closed) return new SealingInterrupted('the sealing pool was closed');
    return signal?.aborted ? asError(signal.reason) : undefined;
  }

  #start(): PoolThread {
    return new PoolThread(this.#options, {
      replied: (reply) => {
        this.#replied(reply);
        this.#dispatch();
      },
      died: (requests, cause) => {
        for (const id of requests) this.#take(id)?.settle(new SealingInterrupted('a sealing worker died', cause));
        this.#dispatch();
      },
    });
  }

  #take(id: number): Job | undefined {
    const job = this.#running.get(id);
    this.#running.delete(id);
    return job;
  }

  #replied(reply: WorkerReply): void {
    const job = this.#take(reply.id);
    if (job === undefined) {
      // Nobody waits for it any more.
      if (reply.outcome === 'done') wipe(reply.buffer);
      return;
    }
    if (reply.outcome === 'refused') job.settle(batchRefused(job.batch));
    else if (reply.outcome === 'keysGone') job.settle(keysGone());
    else if (reply.outcome === 'fault') job.settle(new Error(`a batch could not be worked on: ${reply.fault}`));
    else job.settle({ wire: Buffer.from(reply.buffer), crc32: reply.crc32 });
  }

  /** Hands out what can be handed out, in the order it came. */
  #dispatch(): void {
    while (!this.#closed && this.#waiting.length > 0) {
      const thread = this.#idlest();
      if (thread.load >= BATCHES_PER_WORKER) return;
      const job = this.#waiting.shift();
      if (job) this.#send(thread, job);
    }
  }

  #send(thread: PoolThread, job: Job): void {
    try {
      thread.send(job.request);
      this.#running.set(job.request.id, job);
    } catch (error) {
      job.settle(asError(error)); // for example a buffer that somebody else has already given away
    }
  }

  /** The thread with the least in hand, replacing those that died only now that there is work: a crash loop needs a job per crash. */
  #idlest(): PoolThread {
    for (const [at, slot] of this.threads.entries()) if (slot.gone) this.threads[at] = this.#start();
    return this.threads.reduce((best, thread) => (thread.load < best.load ? thread : best));
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}

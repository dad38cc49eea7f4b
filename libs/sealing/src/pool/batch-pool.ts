import { batchRefused, keysGone, SealingInterrupted } from '../refusals.js';
import { wipe } from '../wipe.js';
import type { Batch, WorkerReply, WorkerRequest } from './messages.js';

/** How a request ended: answered by the worker, or the worker is gone. */
export interface ThreadEvents<Done> {
  replied(reply: WorkerReply<Done>): void;
  died(requests: readonly number[], cause: Error): void;
}

/** One worker and the requests it has in hand. */
export interface PoolThread<Keys> {
  /** How many it has in hand. */
  readonly load: number;
  readonly gone: boolean;
  send(request: WorkerRequest<Keys>): void;
  terminate(): Promise<void> | void;
}

/** What a pool is made of. */
export interface BatchPoolOptions<Keys, Done> {
  readonly workers: number;
  start(events: ThreadEvents<Done>): PoolThread<Keys>;
  /** Wipes what a worker made and nobody waits for any more. */
  drop(done: Done): void;
}

/** One to work on, one waiting at its door, so that a worker never idles for the length of a message. */
const BATCHES_PER_WORKER = 2;

/** A stream keeps no more than this under way, however many workers there are: its memory is a batch for each. */
const MOST_AHEAD = 4;

interface Job<Keys, Done> {
  readonly request: WorkerRequest<Keys>;
  resolve(done: Done): void;
  reject(error: Error): void;
}

/**
 * Workers that seal and open runs of segments, shared by all streams, first come first served, each run by whichever is free.
 * Each stream keeps only `width` batches here, so a fast one cannot push the others aside.
 */
export class BatchPool<Keys, Done> {
  readonly width: number;
  private readonly threads: PoolThread<Keys>[];
  readonly #waiting: Job<Keys, Done>[] = [];
  readonly #running = new Map<number, Job<Keys, Done>>();
  readonly #options: BatchPoolOptions<Keys, Done>;
  #nextId = 1;
  #closed = false;

  constructor(options: BatchPoolOptions<Keys, Done>) {
    const { workers } = options;
    if (!Number.isSafeInteger(workers) || workers < 1) throw new RangeError(`not a number of workers: ${workers}`);
    this.#options = options;
    this.threads = Array.from({ length: workers }, () => this.#start());
    this.width = Math.min(workers * BATCHES_PER_WORKER, MOST_AHEAD);
  }

  /** Batches waiting and batches in workers' hands. */
  get load(): { readonly waiting: number; readonly running: number } {
    return { waiting: this.#waiting.length, running: this.#running.size };
  }

  /** Ends the workers; whatever was under way rejects with SealingInterrupted. */
  async destroy(): Promise<void> {
    this.#closed = true;
    const interrupted = new SealingInterrupted('the sealing pool was closed');
    for (const job of [...this.#running.values(), ...this.#waiting.splice(0)]) job.reject(interrupted);
    this.#running.clear();
    await Promise.all(this.threads.map((thread) => thread.terminate()));
  }

  /** What a worker makes of the batch. Rejects with the signal's reason when aborted. */
  protected run(
    operation: WorkerRequest<Keys>['operation'],
    { first, count, lastLength, final, buffer, keys, summed = false }: Batch<Keys>,
    signal: AbortSignal | undefined,
  ): Promise<Done> {
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
        job.reject(asError(signal?.reason));
      };
      const settled = () => signal?.removeEventListener('abort', abort);
      const job: Job<Keys, Done> = {
        request,
        resolve: (done) => {
          settled();
          resolve(done);
        },
        reject: (error) => {
          settled();
          // Empty where a worker has it: the worker wipes it, or it is wiped when it comes back.
          wipe(buffer);
          reject(error);
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

  #start(): PoolThread<Keys> {
    return this.#options.start({
      replied: (reply) => {
        this.#replied(reply);
        this.#dispatch();
      },
      died: (requests, cause) => {
        for (const id of requests) this.#take(id)?.reject(new SealingInterrupted('a sealing worker died', cause));
        this.#dispatch();
      },
    });
  }

  #take(id: number): Job<Keys, Done> | undefined {
    const job = this.#running.get(id);
    this.#running.delete(id);
    return job;
  }

  #replied(reply: WorkerReply<Done>): void {
    const job = this.#take(reply.id);
    if (job === undefined) {
      if (reply.outcome === 'done') this.#options.drop(reply.done);
    } else if (reply.outcome === 'done') job.resolve(reply.done);
    else if (reply.outcome === 'refused') job.reject(batchRefused(job.request));
    else if (reply.outcome === 'keysGone') job.reject(keysGone());
    else job.reject(new Error(`a batch could not be worked on: ${reply.fault}`));
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

  #send(thread: PoolThread<Keys>, job: Job<Keys, Done>): void {
    try {
      thread.send(job.request);
      this.#running.set(job.request.id, job);
    } catch (error) {
      job.reject(asError(error)); // for example a buffer that somebody else has already given away
    }
  }

  /** The thread with the least in hand, replacing those that died only now that there is work: a crash loop needs a job per crash. */
  #idlest(): PoolThread<Keys> {
    for (const [at, slot] of this.threads.entries()) if (slot.gone) this.threads[at] = this.#start();
    return this.threads.reduce((best, thread) => (thread.load < best.load ? thread : best));
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}

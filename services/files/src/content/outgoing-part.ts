import { combineCrc32 } from '@conclave/sealing';
import type { SealedRun } from '@conclave/sealing/node';
import type { OutgoingBytes } from '../objects/object-storage.js';
import { Bell } from './bell.js';

/** How a part is sent. */
export interface OutgoingPartOptions {
  /** Whether it is sent before it is whole. */
  readonly early: boolean;
  /** Whether all of it is kept until the store has answered. */
  readonly keep: boolean;
  /** A run has left. */
  readonly moved: () => void;
}

/**
 * One part of an object on its way to the store: what is sealed of it is sent while the rest is still being made. It is kept until
 * the store has answered, so that it can be sent again from the front, unless its owner has to let go of it before.
 */
export class OutgoingPart implements OutgoingBytes {
  private readonly runs: SealedRun[] = [];
  private came = 0;
  private sum = 0;
  /** Runs that were let go, from the front, and runs that the youngest reader has behind it. */
  private gone = 0;
  private sent = 0;
  private readers = 0;
  private readonly bell = new Bell();
  private ended: { readonly cause: unknown } | undefined;
  private readonly stop = new AbortController();

  constructor(
    readonly partNumber: number,
    readonly length: number,
    private readonly options: OutgoingPartOptions,
  ) {}

  /** Sent from the front more than once, the first time before it was whole. */
  get wasCut(): boolean {
    return this.options.early && this.readers > 1;
  }

  /** Fires when nothing more comes of it: what is on its way is given up, and not sent again. */
  get over(): AbortSignal {
    return this.stop.signal;
  }

  get isWhole(): boolean {
    return this.came === this.length;
  }

  push(run: SealedRun): void {
    this.runs.push(run);
    this.came += run.length;
    this.sum = combineCrc32(this.sum, run.crc32, run.length);
    this.bell.ring();
  }

  crc32(): number {
    return this.sum;
  }

  /** Nothing more comes: whoever reads gets the cause. */
  end(cause: unknown): void {
    this.ended = { cause };
    this.stop.abort(cause);
    this.bell.ring();
  }

  /** Gives up one run that has left, and with it the sending again; answers how long it was, 0 where none has left. */
  letGo(): number {
    if (this.gone >= this.sent) return 0;
    return this.drop();
  }

  /** The store has it: the buffers are free. Answers how much was still held. */
  release(): number {
    let freed = 0;
    while (this.gone < this.runs.length) freed += this.drop();
    return freed;
  }

  /**
   * A second try waits until the part is whole: a store cuts off a request that stands still, which is what a slow sender makes of one
   * that was begun early. A part that is let go as it leaves cannot be waited for.
   */
  async bytes(): Promise<AsyncIterable<Uint8Array> | undefined> {
    const reader = ++this.readers;
    const patient = this.options.keep && (!this.options.early || reader > 1);
    while (patient && !this.isWhole && !this.ended) await this.bell.rung();
    return this.gone > 0 ? undefined : this.fromTheFront(reader);
  }

  private async *fromTheFront(reader: number): AsyncGenerator<Uint8Array, void> {
    let left = this.length;
    for (let at = 0; left > 0; at++) {
      while (at >= this.runs.length && !this.ended) await this.bell.rung();
      if (this.ended) throw this.ended.cause;
      // Only an attempt that was given up can be so late.
      if (reader !== this.readers || at < this.gone) return;
      const run = this.runs[at] as SealedRun;
      yield* run.bytes;
      // Asked for more: what was given before is with the kernel.
      left -= run.length;
      this.sent = at + 1;
      this.options.moved();
    }
  }

  private drop(): number {
    const run = this.runs[this.gone] as SealedRun;
    run.release();
    this.runs[this.gone] = nothing;
    this.gone += 1;
    return run.length;
  }
}

/** In the place of a run that was let go. */
const nothing: SealedRun = { partNumber: 0, partLength: 0, bytes: [], length: 0, crc32: 0, release: () => undefined };

import type { Readable } from 'node:stream';
import { DomainError } from '@conclave/errors';
import type { ByteSource } from '@conclave/sealing/node';
import { Bell } from './bell.js';
import type { Stall } from './stall.js';
import type { UploadCharge } from './upload-charge.js';

/** Who looks on while a body comes. */
export interface BodyWatch {
  /** Of the whole stream, whoever keeps it waiting. */
  readonly stall: Stall;
  /** Of its sender. */
  readonly sender: Stall;
  readonly charge: UploadCharge;
}

/** So many bytes wait here for whoever seals; then its sender waits. */
const mostAtHand = 256 * 1024;

/**
 * The body as it is, paid for as it comes. A body that breaks off is UPLOAD_ABORTED. Chunks are handed out as they are, each until the
 * next is asked for, and without a promise where they are at hand.
 */
export class BodyBytes implements ByteSource, AsyncIterable<Uint8Array> {
  private readonly chunks: Buffer[] = [];
  private length = 0;
  private given: Buffer | undefined;
  private over: { readonly cause?: unknown } | undefined;
  private readonly change = new Bell();

  constructor(
    private readonly body: Readable,
    private readonly watch: BodyWatch,
  ) {
    // One that is over already says nothing any more.
    if (body.readableEnded) this.ended();
    else if (body.destroyed) this.broke(body.errored);
    else body.on('data', this.came).on('end', this.ended).on('error', this.broke).on('close', this.broke);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  atHand(): Uint8Array | undefined {
    this.forget();
    const [chunk] = this.chunks;
    return chunk && this.watch.charge.covers(chunk.length) ? this.give(chunk) : undefined;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.forget();
    const { sender, charge } = this.watch;
    while (this.chunks.length === 0 && !this.over) {
      // The sender is waited for only here; what we take our time for is not the sender's silence.
      sender.moved();
      await this.change.rung();
      sender.rest();
    }
    const [chunk] = this.chunks;
    if (chunk) {
      await charge.came(chunk.length);
      return { done: false, value: this.give(chunk) };
    }
    if (this.over && 'cause' in this.over)
      throw new DomainError('UPLOAD_ABORTED', { cause: this.over.cause, message: 'the body broke off' });
    return { done: true, value: undefined };
  }

  /** Nothing is taken any more. The body is nobody's then: what still arrives of one that was refused can be read away. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    const { body } = this;
    body.off('data', this.came).off('end', this.ended).off('error', this.broke).off('close', this.broke).pause();
    this.forget();
    for (const chunk of this.chunks.splice(0)) chunk.fill(0);
    this.over ??= {};
    this.change.ring();
    return { done: true, value: undefined };
  }

  private readonly came = (chunk: Buffer): void => {
    this.watch.stall.moved();
    this.chunks.push(chunk);
    this.length += chunk.length;
    if (this.length >= mostAtHand) this.body.pause();
    this.change.ring();
  };

  private readonly ended = (): void => {
    this.over ??= {};
    this.change.ring();
  };

  private readonly broke = (cause?: unknown): void => {
    this.over ??= { cause };
    this.change.ring();
  };

  private give(chunk: Buffer): Buffer {
    this.chunks.shift();
    this.length -= chunk.length;
    this.given = chunk;
    if (this.length < mostAtHand && this.body.isPaused()) this.body.resume();
    return chunk;
  }

  /** Taken by now: what came in the clear does not wait for the collector. */
  private forget(): void {
    this.given?.fill(0);
    this.given = undefined;
  }
}

const nothing = new Uint8Array(0);

/** A stream that several take from, one after another, each so much of it. */
export class Stretches {
  private readonly source: ByteSource;
  private held: Uint8Array = nothing;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** The next `count` bytes, or fewer where the stream ends. The source is asked for more only when all it gave is taken. */
  take(count: number): AsyncIterable<Uint8Array> {
    let left = count;
    const part = (): Uint8Array => {
      const taken = this.held.subarray(0, left);
      this.held = this.held.subarray(taken.length);
      left -= taken.length;
      return taken;
    };
    const atHand = (): Uint8Array | undefined => {
      if (left > 0 && this.held.length === 0) this.held = this.source.atHand?.() ?? nothing;
      return left > 0 && this.held.length > 0 ? part() : undefined;
    };
    const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
      if (left === 0) return { done: true, value: undefined };
      if (this.held.length === 0) {
        const given = await this.source.next();
        if (given.done) return { done: true, value: undefined };
        this.held = given.value;
      }
      return { done: false, value: part() };
    };
    return { [Symbol.asyncIterator]: (): ByteSource => ({ atHand, next }) };
  }

  /** Nothing is taken any more. Not awaited: a silent source answers only after its owner has closed it. */
  close(): void {
    this.source.return?.().then(undefined, () => undefined);
  }
}

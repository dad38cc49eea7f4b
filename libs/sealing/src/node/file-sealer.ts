import { DomainError } from '@conclave/errors';
import { AS_PLAINTEXT, assemble } from '../assemble.js';
import { batchesOf } from '../batches.js';
import { objectLength, partCount, partLength, segmentCount } from '../geometry.js';
import type { FileIdentity } from '../labels.js';
import { SEGMENTS_PER_BATCH } from '../layout.js';
import type { Manifest } from '../manifest.js';
import type { Suite } from '../suite.js';
import type { SealingLane, SegmentEngine } from './engine.js';
import { newFileKeys, type FileKeys } from './file-keys.js';
import { makeManifestTag } from './manifest.js';
import { runAhead, type Job } from './run-ahead.js';
import { wipe } from './wipe.js';

/** What it takes to seal one file. */
export interface FileSealerOptions extends FileIdentity {
  readonly engine: SegmentEngine;
  readonly suite: Suite;
  /** 32 random bytes made for this file and used once. Not kept. */
  readonly dek: Uint8Array;
  /** As declared by the sender; the stream must have exactly this many bytes. */
  readonly plaintextLength: number;
  readonly signal?: AbortSignal;
}

/** A run of sealed segments, as it goes on the wire. */
export interface SealedRun {
  /** The part that it belongs to, from 1, and how long that part is. */
  readonly partNumber: number;
  readonly partLength: number;
  /** The run's bytes in order, to be written one after another; in front of the first one's, the header. */
  readonly bytes: readonly Buffer[];
  readonly length: number;
  /** To be called when the bytes have been sent: their buffers are used for what comes. Without it they are left to the collector. */
  release(): void;
}

/** A whole S3 part: 128 segments, more in large files; part 1 has the 72 bytes of the header in front, the last is shorter. */
export type SealedPart = Omit<SealedRun, 'partLength'>;

/** What the file's row keeps of the object. */
export interface SealedObject extends Manifest {
  readonly suite: Suite;
  readonly header: Buffer;
  /** SHA-256 of what was sealed. Not part of the manifest. */
  readonly plaintextSha256: Buffer;
}

/**
 * Seals one stream into the parts of an S3 object, in constant memory: `engine.width` runs ahead of the caller. While it sends
 * one, the next bytes are already being read and sealed.
 *
 *     const sealer = new FileSealer({ ... });
 *     for await (const run of sealer.runs(request)) await send(run);
 *     const { manifestTag, sha256, header } = sealer.sealed();
 *
 * A stream that is shorter or longer than declared ends with LENGTH_MISMATCH, before its last run is handed out.
 */
export class FileSealer {
  readonly objectLength: number;
  readonly partCount: number;
  readonly #options: Omit<FileSealerOptions, 'dek'>;
  readonly #keys: FileKeys;
  readonly #stop = new AbortController();
  #started = false;
  #sealed: SealedObject | undefined;

  constructor({ dek, ...options }: FileSealerOptions) {
    this.objectLength = objectLength(options.plaintextLength);
    this.partCount = partCount(options.plaintextLength);
    this.#options = options;
    this.#keys = newFileKeys(options.suite, dek, options);
  }

  /**
   * The sealed runs, in order; none reaches over the edge of a part. To be called once. A source that fails, a signal that fires
   * and a caller that stops reading all end the work; a request stream is not destroyed by it, so that an answer can still be sent.
   */
  async *runs(source: AsyncIterable<Uint8Array>): AsyncGenerator<SealedRun, void> {
    if (this.#started) throw new Error('a file is sealed once');
    this.#started = true;
    const { engine, plaintextLength, signal } = this.#options;
    const lane = engine.lane(this.#keys.header);
    const stop = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]);
    let partNumber = 1;
    let sent = 0;
    try {
      for await (const wire of runAhead(this.#jobs(source, lane, stop), engine.width, stop)) {
        const bytes = partNumber === 1 && sent === 0 ? [this.#keys.header, wire] : [wire];
        const length = bytes.reduce((sum, one) => sum + one.length, 0);
        const whole = partLength(partNumber, plaintextLength);
        sent += length;
        if (partNumber === this.partCount && sent === whole) this.#finish(lane);
        yield {
          partNumber,
          partLength: whole,
          bytes,
          length,
          release: onceOnly(() => engine.buffers.give(wire.buffer)),
        };
        if (sent < whole) continue;
        partNumber += 1;
        sent = 0;
      }
    } finally {
      this.destroy();
      lane.close();
    }
  }

  /** As `runs`, a whole part at a time: for whoever may hold one. */
  async *parts(source: AsyncIterable<Uint8Array>): AsyncGenerator<SealedPart, void> {
    let runs: SealedRun[] = [];
    let length = 0;
    for await (const run of this.runs(source)) {
      runs.push(run);
      length += run.length;
      if (length < run.partLength) continue;
      const own = runs;
      const release = () => own.forEach((one) => one.release());
      yield { partNumber: run.partNumber, bytes: own.flatMap(({ bytes }) => bytes), length, release };
      [runs, length] = [[], 0];
    }
  }

  /** Manifest and header, once the last run has been handed out. */
  sealed(): SealedObject {
    if (this.#sealed === undefined) throw new Error('the file is not sealed yet');
    return this.#sealed;
  }

  /** Wipes the keys and stops what is under way. `parts` does it by itself at its end, whatever the end. */
  destroy(): void {
    this.#stop.abort(new DomainError('UPLOAD_ABORTED', { message: 'sealing was stopped' }));
    this.#keys.destroy();
  }

  async *#jobs(
    source: AsyncIterable<Uint8Array>,
    lane: SealingLane,
    signal: AbortSignal,
  ): AsyncGenerator<Job<Buffer>, void> {
    const { engine, plaintextLength } = this.#options;
    const shapes = batchesOf(0, segmentCount(plaintextLength) - 1, plaintextLength, SEGMENTS_PER_BATCH);
    const mismatch = () => new DomainError('LENGTH_MISMATCH');
    const refuse = { tooShort: mismatch, tooLong: mismatch };
    const allocate = (length: number) => engine.buffers.take(length);
    for await (const { shape, buffer } of assemble(iterate(source), shapes, AS_PLAINTEXT, refuse, allocate)) {
      yield {
        start: () => lane.seal({ ...shape, buffer, keys: this.#keys.segments }, signal),
        drop: () => wipe(buffer),
      };
    }
  }

  #finish({ digests }: SealingLane): void {
    if (digests === undefined) throw new Error('the last run was not sealed');
    const [sha256, plaintextSha256] = [Buffer.from(digests.object), Buffer.from(digests.plaintext)];
    const facts = { plaintextLength: this.#options.plaintextLength, objectLength: this.objectLength, sha256 };
    const { suite, header } = this.#keys;
    this.#sealed = { ...facts, manifestTag: makeManifestTag(this.#keys, facts), suite, header, plaintextSha256 };
  }
}

/** Does something the first time it is called. */
function onceOnly(task: () => void): () => void {
  let done = false;
  return () => {
    if (!done) task();
    done = true;
  };
}

/** Leaving a loop over a request destroys its socket, unless told otherwise; then no refusal could be answered. */
function iterate(source: AsyncIterable<Uint8Array>): AsyncIterator<Uint8Array> {
  const readable = source as { iterator?: (options: { destroyOnReturn: boolean }) => AsyncIterator<Uint8Array> };
  return typeof readable.iterator === 'function'
    ? readable.iterator({ destroyOnReturn: false })
    : source[Symbol.asyncIterator]();
}

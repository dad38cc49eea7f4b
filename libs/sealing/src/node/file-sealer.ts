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

/** One S3 part: 128 segments (8,396,800 bytes; part 1 has the 72 bytes of the header in front, the last is shorter). */
export interface SealedPart {
  /** From 1. */
  readonly partNumber: number;
  /** The part's bytes in order, to be written one after another. */
  readonly bytes: readonly Buffer[];
  readonly length: number;
  /** To be called when the bytes have been sent: their buffers are used for what comes. Without it they are left to the collector. */
  release(): void;
}

/** What the file's row keeps of the object. */
export interface SealedObject extends Manifest {
  readonly suite: Suite;
  readonly header: Buffer;
  /** SHA-256 of what was sealed. Not part of the manifest. */
  readonly plaintextSha256: Buffer;
}

/**
 * Seals one stream into S3 parts, in constant memory: at most one part and `engine.width` batches of 512 KiB. While the
 * caller uploads a part, the next bytes are already being read and sealed.
 *
 *     const sealer = new FileSealer({ ... });
 *     for await (const part of sealer.parts(request)) await upload(part);
 *     const { manifestTag, sha256, header } = sealer.sealed();
 *
 * A stream that is shorter or longer than declared ends with LENGTH_MISMATCH, before its last part is handed out.
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
   * The sealed parts, in order. To be called once. A source that fails, a signal that fires and a caller that stops
   * reading all end the work; a request stream is not destroyed by it, so that an answer can still be sent.
   */
  async *parts(source: AsyncIterable<Uint8Array>): AsyncGenerator<SealedPart, void> {
    if (this.#started) throw new Error('a file is sealed once');
    this.#started = true;
    const { engine, plaintextLength, signal } = this.#options;
    const { buffers } = engine;
    const lane = engine.lane(this.#keys.header);
    const stop = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]);
    let partNumber = 1;
    let bytes: Buffer[] = [this.#keys.header];
    let length = this.#keys.header.length;
    try {
      for await (const wire of runAhead(this.#jobs(source, lane, stop), engine.width, stop)) {
        bytes.push(wire);
        length += wire.length;
        if (length < partLength(partNumber, plaintextLength)) continue;
        if (partNumber === this.partCount) this.#finish(lane);
        yield { partNumber, bytes, length, release: onceOnly(bytes, ({ buffer }) => buffers.give(buffer)) };
        partNumber += 1;
        bytes = [];
        length = 0;
      }
    } finally {
      this.destroy();
      lane.close();
    }
  }

  /** Manifest and header, once the last part has been handed out. */
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
    const shapes = [...batchesOf(0, segmentCount(plaintextLength) - 1, plaintextLength, SEGMENTS_PER_BATCH)];
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

/** Does something with each of the items, the first time it is called. */
function onceOnly<T>(items: readonly T[], task: (item: T) => void): () => void {
  let left = items;
  return () => {
    const now = left;
    left = [];
    now.forEach(task);
  };
}

/** Leaving a loop over a request destroys its socket, unless told otherwise; then no refusal could be answered. */
function iterate(source: AsyncIterable<Uint8Array>): AsyncIterator<Uint8Array> {
  const readable = source as { iterator?: (options: { destroyOnReturn: boolean }) => AsyncIterator<Uint8Array> };
  return typeof readable.iterator === 'function'
    ? readable.iterator({ destroyOnReturn: false })
    : source[Symbol.asyncIterator]();
}

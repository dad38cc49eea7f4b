import { crc32 } from 'node:zlib';
import { DomainError } from '@conclave/errors';
import { AS_PLAINTEXT, assemble, type ByteSource } from '../assemble.js';
import { batchesOf, type BatchShape } from '../batches.js';
import { combineCrc32 } from '../crc32.js';
import { objectLength, partCount, partLength, segmentCount } from '../geometry.js';
import { fileIntegrity } from '../integrity.js';
import type { FileIdentity } from '../labels.js';
import { SEGMENTS_PER_BATCH } from '../layout.js';
import type { Manifest, ManifestVersion } from '../manifest.js';
import type { Suite } from '../suite.js';
import { isCheckpointOf, type Checkpoint } from './checkpoint.js';
import type { SegmentEngine } from './engine.js';
import { deriveFileKeys, newFileKeys, type FileKeys } from './file-keys.js';
import { makeManifestTag } from './manifest.js';
import { runAhead, type Job } from '../run-ahead.js';
import { RunningRoot } from './running-root.js';
import { onceOnly, partOf, type SealedPart, type SealedRun } from './sealed-run.js';
import { wipe } from '../wipe.js';

/** What it takes to seal one file. */
export interface FileSealerOptions extends FileIdentity {
  readonly engine: SegmentEngine;
  readonly suite: Suite;
  /** 2 unless somebody who knows no other must read the row. */
  readonly manifestVersion?: ManifestVersion;
  /** 32 random bytes made for this file and used once. Not kept. */
  readonly dek: Uint8Array;
  /** As declared by the sender; the stream must have exactly this many bytes. */
  readonly plaintextLength: number;
  readonly signal?: AbortSignal;
}

/** What it takes to go on with one: the header tells the suite, the checkpoint the manifest's version. */
export interface ResumeSealerOptions extends Omit<FileSealerOptions, 'suite' | 'manifestVersion'> {
  /** As the first sealer made it. */
  readonly header: Uint8Array;
  readonly checkpoint: Checkpoint;
}

/** What the file's row keeps of the object. */
export interface SealedObject extends Manifest {
  readonly suite: Suite;
  readonly header: Buffer;
  /** CRC-32 of the whole object: finds rot without any key. Not part of the manifest. */
  readonly objectCrc32: number;
}

/**
 * Seals one stream into the parts of an S3 object, in constant memory: `engine.width` runs ahead of the caller. While it sends
 * one, the next bytes are already being read and sealed.
 *
 *     const sealer = new FileSealer({ ... });
 *     for await (const run of sealer.runs(request)) await send(run);
 *     const { manifestTag, root, header } = sealer.sealed();
 *
 * A stream that is shorter or longer than declared ends with LENGTH_MISMATCH, before its last run is handed out. After the last
 * run of a part, `checkpoint()` is where another process may go on: `await FileSealer.resume({ ... })`, and the rest of the stream.
 */
export class FileSealer {
  readonly objectLength: number;
  readonly partCount: number;
  readonly #options: Omit<FileSealerOptions, 'dek' | 'suite'>;
  readonly #keys: FileKeys;
  readonly #stop = new AbortController();
  #started = false;
  #root: RunningRoot | undefined;
  #checkpoint: Checkpoint | undefined;
  #sealed: SealedObject | undefined;

  constructor({ dek, ...options }: FileSealerOptions, keys = newFileKeys(options.suite, dek, options)) {
    this.objectLength = objectLength(options.plaintextLength);
    this.partCount = partCount(options.plaintextLength);
    this.#options = options;
    this.#keys = keys;
  }

  /** Goes on where another sealer stopped. A checkpoint that does not fit file, key, header or length is FILE_INTEGRITY. */
  static async resume({ header, checkpoint, ...options }: ResumeSealerOptions): Promise<FileSealer> {
    const { dek, fileId, roomId, plaintextLength } = options;
    if (!isCheckpointOf(checkpoint, plaintextLength)) throw fileIntegrity('a checkpoint that does not fit');
    const { manifestVersion } = checkpoint;
    const root = await RunningRoot.goOn(manifestVersion, checkpoint.root);
    const keys = deriveFileKeys(dek, header, fileId, roomId);
    const sealer = new FileSealer({ ...options, manifestVersion, suite: keys.suite }, keys);
    sealer.#root = root;
    sealer.#checkpoint = checkpoint;
    return sealer;
  }

  /** The object's first 72 bytes. */
  get header(): Buffer {
    return this.#keys.header;
  }

  /**
   * The sealed runs, in order; none reaches over the edge of a part. To be called once. A source that fails, a signal that fires
   * and a caller that stops reading all end the work; a request stream is not destroyed by it, so that an answer can still be sent.
   */
  async *runs(source: AsyncIterable<Uint8Array>): AsyncGenerator<SealedRun, void> {
    if (this.#started) throw new Error('a file is sealed once');
    this.#started = true;
    const { engine, plaintextLength, manifestVersion = 2, signal } = this.#options;
    const stop = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]);
    try {
      const running = (this.#root ??= await RunningRoot.begin(manifestVersion, this.#keys.header));
      let { nextSegment, nextPart: partNumber, objectCrc32 } = this.#checkpoint ?? START;
      let sent = 0;
      const shapes = batchesOf(nextSegment, segmentCount(plaintextLength) - 1, plaintextLength, SEGMENTS_PER_BATCH);
      for await (const { shape, wire, sum } of runAhead(this.#jobs(source, shapes, stop), engine, stop)) {
        running.sealed(wire, shape);
        const {
          bytes,
          length,
          crc32: ofRun,
        } = partNumber === 1 && sent === 0 ? this.#front(wire, sum) : plain(wire, sum);
        const whole = partLength(partNumber, plaintextLength);
        sent += length;
        nextSegment += shape.count;
        objectCrc32 = combineCrc32(objectCrc32, ofRun, length);
        const run = { partNumber, partLength: whole, bytes, length, crc32: ofRun };
        if (sent === whole) {
          const { state: root } = running;
          [partNumber, sent] = [partNumber + 1, 0];
          const at = { nextSegment, nextPart: partNumber };
          this.#checkpoint = { manifestVersion, plaintextLength, ...at, objectCrc32, root };
          if (partNumber > this.partCount) this.#finish(running, objectCrc32);
        }
        yield { ...run, release: onceOnly(() => engine.buffers.give(wire.buffer)) };
      }
      if (this.#sealed === undefined) this.#finish(running, objectCrc32); // resumed behind the last part
    } finally {
      this.destroy();
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
      yield partOf(runs);
      [runs, length] = [[], 0];
    }
  }

  /** Where to go on once the part whose last run was handed out last is stored; undefined before the first. */
  checkpoint(): Checkpoint | undefined {
    return this.#checkpoint;
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
    shapes: Iterable<BatchShape>,
    signal: AbortSignal,
  ): AsyncGenerator<Job<SealedWire>, void> {
    const { engine } = this.#options;
    const keys = this.#keys.segments;
    const mismatch = () => new DomainError('LENGTH_MISMATCH');
    const refuse = { tooShort: mismatch, tooLong: mismatch };
    const allocate = (length: number) => engine.buffers.take(length);
    for await (const { shape, buffer } of assemble(iterate(source), shapes, AS_PLAINTEXT, refuse, allocate)) {
      yield {
        start: async () => {
          const { wire, crc32: sum = crc32(wire) } = await engine.seal(
            { ...shape, buffer, keys, summed: true },
            signal,
          );
          return { shape, wire, sum };
        },
        drop: () => wipe(buffer),
      };
    }
  }

  /** The object's first run: with the header in front. */
  #front(wire: Buffer, sum: number): Summed {
    const { header } = this.#keys;
    const length = header.length + wire.length;
    return { bytes: [header, wire], length, crc32: combineCrc32(crc32(header), sum, wire.length) };
  }

  #finish(running: RunningRoot, objectCrc32: number): void {
    const { plaintextLength, manifestVersion: version = 2 } = this.#options;
    const facts = { version, plaintextLength, objectLength: this.objectLength, root: running.digest() };
    const { suite, header } = this.#keys;
    this.#sealed = { ...facts, manifestTag: makeManifestTag(this.#keys, facts), suite, header, objectCrc32 };
  }
}

/** Where a new file stands. The CRC-32 of nothing is 0. */
const START = { nextSegment: 0, nextPart: 1, objectCrc32: 0 };

/** A run of segments, sealed. */
interface SealedWire {
  readonly shape: BatchShape;
  readonly wire: Buffer;
  /** CRC-32 of it. */
  readonly sum: number;
}

type Summed = Pick<SealedRun, 'bytes' | 'length' | 'crc32'>;

const plain = (wire: Buffer, sum: number): Summed => ({ bytes: [wire], length: wire.length, crc32: sum });

/** Leaving a loop over a request destroys its socket, unless told otherwise; then no refusal could be answered. */
function iterate(source: AsyncIterable<Uint8Array>): ByteSource {
  const readable = source as { iterator?: (options: { destroyOnReturn: boolean }) => AsyncIterator<Uint8Array> };
  return typeof readable.iterator === 'function'
    ? readable.iterator({ destroyOnReturn: false })
    : source[Symbol.asyncIterator]();
}

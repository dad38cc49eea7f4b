import { createHash, timingSafeEqual } from 'node:crypto';
import { AS_WIRE, assemble } from '../assemble.js';
import { batchesOf, tagsOf } from '../batches.js';
import { isObjectLength, segmentsForRange, type ByteRange } from '../geometry.js';
import { fileIntegrity } from '../integrity.js';
import type { FileIdentity } from '../labels.js';
import { HEADER_LENGTH, SEGMENTS_PER_BATCH, SEGMENT_LENGTH } from '../layout.js';
import type { Manifest } from '../manifest.js';
import type { SegmentEngine } from './engine.js';
import { deriveFileKeys, type FileKeys } from './file-keys.js';
import { verifyManifest } from './manifest.js';
import { runAhead, type Job } from '../run-ahead.js';
import { wipe } from '../wipe.js';

/**
 * Gives bytes of the stored object, `end` excluded, as an HTTP range does: what lies behind the object's end is left out.
 * A read to the end asks for one byte more than the object should have, so that something appended to it is noticed.
 * The signal fires when no more is wanted. What it throws (the store is down) reaches the reader as it is; only what it
 * delivers is judged.
 */
export type ReadObject = (
  range: ByteRange,
  signal: AbortSignal,
) => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;

/** What it takes to open one file. */
export interface OpenFileOptions extends FileIdentity {
  readonly engine: SegmentEngine;
  /** Not kept. */
  readonly dek: Uint8Array;
  /** From the file's row. */
  readonly manifest: Manifest;
  readonly readObject: ReadObject;
  /** The object's header, when the row has it: saves the look at the object's front. */
  readonly header?: Uint8Array;
  readonly signal?: AbortSignal;
}

/**
 * A sealed object, open for reading. Opening proves, in this order: the lengths, the header, the commitment to this key,
 * file and room, the manifest. Reading proves each segment before a byte of it is released. Every failure is FILE_INTEGRITY.
 */
export class SealedFile {
  readonly #options: Omit<OpenFileOptions, 'dek' | 'signal'>;
  readonly #keys: FileKeys;

  private constructor(options: Omit<OpenFileOptions, 'dek' | 'signal'>, keys: FileKeys) {
    this.#options = options;
    this.#keys = keys;
  }

  static async open({ dek, signal, ...options }: OpenFileOptions): Promise<SealedFile> {
    const { manifest, fileId, roomId } = options;
    if (!isObjectLength(manifest.objectLength)) throw fileIntegrity('object length');
    const header = options.header ?? (await readHeader(options.readObject, signal));
    const keys = deriveFileKeys(dek, header, fileId, roomId);
    try {
      verifyManifest(keys, manifest);
    } catch (refusal) {
      keys.destroy();
      throw refusal;
    }
    return new SealedFile(options, keys);
  }

  get plaintextLength(): number {
    return this.#options.manifest.plaintextLength;
  }

  /**
   * Verified plaintext of a range (by default all), in chunks of at most 1 MiB. Fetches only the segments that hold the
   * range, and at most `engine.width` batches ahead of the caller. RANGE_NOT_SATISFIABLE when the range is not in the file.
   */
  async *read(
    range: ByteRange = { start: 0, end: this.plaintextLength },
    signal?: AbortSignal,
  ): AsyncGenerator<Buffer, void> {
    const stop = new AbortController();
    const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
    const { first } = segmentsForRange(range, this.plaintextLength);
    let at = first * SEGMENT_LENGTH;
    try {
      const { engine } = this.#options;
      for await (const plaintext of runAhead(this.#jobs(range, either), engine, either, wipeChunk)) {
        const wanted = plaintext.subarray(Math.max(0, range.start - at), Math.max(0, range.end - at));
        at += plaintext.length;
        if (wanted.length > 0) yield wanted;
        else wipeChunk(plaintext);
      }
    } finally {
      stop.abort(new Error('the reader stopped'));
    }
  }

  /**
   * A chunk of `read` has been sent and nobody looks at it any more: its buffer is wiped and used again. Call it only when
   * that is certain; a chunk that is not released is left to the collector, see `discard`.
   */
  release(chunk: Buffer): void {
    this.discard(chunk);
    this.#options.engine.buffers.give(chunk.buffer);
  }

  /** A chunk of `read` that went nowhere, or to a connection that is closed: wiped, and left to the collector. */
  discard(chunk: Buffer): void {
    wipeChunk(chunk);
  }

  /** Wipes the keys. Not while a `read` is still wanted. */
  destroy(): void {
    this.#keys.destroy();
  }

  async *#jobs(range: ByteRange, signal: AbortSignal): AsyncGenerator<Job<Buffer>, void> {
    const { engine } = this.#options;
    const { first, last, object } = segmentsForRange(range, this.plaintextLength);
    const shapes = batchesOf(first, last, this.plaintextLength, SEGMENTS_PER_BATCH);
    const refuse = {
      tooShort: () => fileIntegrity('the object is shorter than its manifest says'),
      tooLong: () => fileIntegrity('the object is longer than its manifest says'),
    };
    const allocate = (length: number) => engine.buffers.take(length);
    const { version, objectLength, root } = this.#options.manifest;
    const toTheEnd = object.end === objectLength;
    // A whole read sees every tag: that they are these, and no others that the same keys once made, is proven before its end.
    const tags = toTheEnd && first === 0 && version === 2 ? createHash('sha256').update(this.#keys.header) : undefined;
    const source = await this.#fetch(toTheEnd ? { start: object.start, end: object.end + 1 } : object, signal);
    for await (const { shape, buffer } of assemble(source, shapes, AS_WIRE, refuse, allocate)) {
      tags?.update(tagsOf(new Uint8Array(buffer), shape));
      if (shape.final && tags && !timingSafeEqual(tags.digest(), root)) {
        wipe(buffer);
        throw fileIntegrity('the tags are not those of the manifest');
      }
      yield {
        start: () => engine.open({ ...shape, buffer, keys: this.#keys.segments }, signal),
        drop: () => wipe(buffer),
      };
    }
  }

  /** The bytes of the segments. From the very front, a header known from the row is compared with the object's own. */
  async #fetch(object: ByteRange, signal: AbortSignal): Promise<AsyncIterator<Uint8Array>> {
    const { readObject, header } = this.#options;
    const compare = header !== undefined && object.start === HEADER_LENGTH;
    if (!compare) return (await readObject(object, signal))[Symbol.asyncIterator]();
    return withoutHeader(await readObject({ start: 0, end: object.end }, signal), header);
  }
}

const wipeChunk = ({ buffer }: Buffer): void => wipe(buffer);

async function readHeader(readObject: ReadObject, signal: AbortSignal | undefined): Promise<Buffer> {
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of await readObject({ start: 0, end: HEADER_LENGTH }, either)) {
      parts.push(chunk);
      length += chunk.length;
      if (length > HEADER_LENGTH) throw fileIntegrity('the store gave more than was asked for');
    }
  } finally {
    stop.abort(new Error('the header has been read'));
  }
  if (length !== HEADER_LENGTH) throw fileIntegrity('the object is shorter than a header');
  return Buffer.concat(parts);
}

async function* withoutHeader(source: AsyncIterable<Uint8Array>, header: Uint8Array): AsyncGenerator<Uint8Array, void> {
  let front: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of source) {
    if (front === undefined) {
      yield chunk;
      continue;
    }
    front = Buffer.concat([front, chunk]);
    if (front.length < HEADER_LENGTH) continue;
    if (!timingSafeEqual(front.subarray(0, HEADER_LENGTH), header))
      throw fileIntegrity('the header is not the known one');
    yield front.subarray(HEADER_LENGTH);
    front = undefined;
  }
}

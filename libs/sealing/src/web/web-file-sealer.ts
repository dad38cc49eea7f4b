import { DomainError } from '@conclave/errors';
import { assemble } from '../assemble.js';
import { batchesOf, type BatchShape } from '../batches.js';
import type { Bytes } from '../bytes.js';
import { objectLength, segmentCount } from '../geometry.js';
import type { Manifest } from '../manifest.js';
import { runAhead, type Job } from '../run-ahead.js';
import { wipe } from '../wipe.js';
import type { WebEngine } from './engine.js';
import type { WebFileKeys } from './file-keys.js';
import { makeManifestTag } from './manifest.js';
import { WEB_PLAINTEXT, webBuffer } from './placement.js';
import { SEGMENTS_PER_WEB_BATCH } from './segment-batch.js';
import { TagRoot } from './tag-root.js';

/** What it takes to seal one file. */
export interface WebFileSealerOptions {
  readonly engine: WebEngine;
  readonly keys: WebFileKeys;
  /** The source must have exactly this many bytes. */
  readonly plaintextLength: number;
  readonly signal?: AbortSignal;
}

/**
 * Seals one stream in a browser, in constant memory: `engine.width` runs ahead of whoever sends the pieces.
 *
 *     const sealer = new WebFileSealer({ engine, keys, plaintextLength: file.size, signal });
 *     for await (const piece of sealer.pieces(file.stream())) await send(piece);
 *     const manifest = sealer.sealed();
 *
 * A source that is shorter or longer than declared ends with LENGTH_MISMATCH, before its last run is handed out.
 */
export class WebFileSealer {
  readonly #options: WebFileSealerOptions;
  #started = false;
  #manifest: Manifest | undefined;

  constructor(options: WebFileSealerOptions) {
    this.#options = options;
  }

  /** The whole object, header first, in pieces. To be called once; a caller that stops reading ends the work. */
  async *pieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Bytes, void> {
    if (this.#started) throw new Error('a file is sealed once');
    this.#started = true;
    const { engine, keys, plaintextLength, signal } = this.#options;
    const ended = new AbortController();
    const stop = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
    const root = new TagRoot(keys.header, plaintextLength);
    try {
      yield keys.header;
      for await (const { shape, wire } of runAhead(this.#jobs(source, stop), engine, stop)) {
        root.sealed(wire, shape);
        if (shape.final) this.#manifest = await this.#finish(root);
        yield wire;
      }
    } finally {
      ended.abort(new DomainError('UPLOAD_ABORTED', { message: 'sealing was stopped' }));
    }
  }

  /** What the file's row keeps, once the last piece has been handed out. */
  sealed(): Manifest {
    if (this.#manifest === undefined) throw new Error('the file is not sealed yet');
    return this.#manifest;
  }

  async *#jobs(source: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Job<SealedBatch>, void> {
    const { engine, keys, plaintextLength } = this.#options;
    const shapes = batchesOf(0, segmentCount(plaintextLength) - 1, plaintextLength, SEGMENTS_PER_WEB_BATCH);
    const mismatch = () => new DomainError('LENGTH_MISMATCH');
    const refuse = { tooShort: mismatch, tooLong: mismatch };
    const bytes = source[Symbol.asyncIterator]();
    for await (const { shape, buffer } of assemble(bytes, shapes, WEB_PLAINTEXT, refuse, webBuffer)) {
      yield {
        start: async () => ({ shape, wire: await engine.seal({ ...shape, buffer, keys }, signal) }),
        drop: () => wipe(buffer),
      };
    }
  }

  async #finish(root: TagRoot): Promise<Manifest> {
    const { keys, plaintextLength } = this.#options;
    const version = 2 as const;
    const facts = { version, plaintextLength, objectLength: objectLength(plaintextLength), root: await root.digest() };
    return { ...facts, manifestTag: await makeManifestTag(keys, facts) };
  }
}

/** A run of segments, sealed. */
interface SealedBatch {
  readonly shape: BatchShape;
  readonly wire: Bytes;
}

import { assemble } from '../assemble.js';
import { batchesOf } from '../batches.js';
import type { Bytes } from '../bytes.js';
import { segmentsForRange, type ByteRange } from '../geometry.js';
import { fileIntegrity } from '../integrity.js';
import { SEGMENT_LENGTH } from '../layout.js';
import type { Manifest } from '../manifest.js';
import { runAhead, type Job } from '../run-ahead.js';
import { wipe } from '../wipe.js';
import { equalBytes } from './aead.js';
import { wireOf, type WebEngine } from './engine.js';
import type { WebFileKeys } from './file-keys.js';
import { verifyManifest } from './manifest.js';
import { WEB_WIRE, webBuffer } from './placement.js';
import { SEGMENTS_PER_WEB_BATCH } from './segment-batch.js';
import { TagRoot } from './tag-root.js';

/** What it takes to open one file, or a range of it. */
export interface OpenStreamOptions {
  readonly engine: WebEngine;
  readonly keys: WebFileKeys;
  /** From the file's row. */
  readonly manifest: Manifest;
  /** The whole file where nothing is said. */
  readonly range?: ByteRange;
  readonly signal?: AbortSignal;
}

/**
 * Verified plaintext of a file or range; `source` gives the wire bytes of exactly the segments that `segmentsForRange` names, without
 * the header. The manifest is proven before the first byte is read, each segment's tag before its bytes are released; and where the
 * whole file is read, that the tags are those of the manifest, before its last run is. Every failure is FILE_INTEGRITY.
 */
export async function* openStream(
  source: AsyncIterable<Uint8Array>,
  options: OpenStreamOptions,
): AsyncGenerator<Bytes, void> {
  const { engine, keys, manifest, signal } = options;
  await verifyManifest(keys, manifest);
  const range = options.range ?? { start: 0, end: manifest.plaintextLength };
  let at = segmentsForRange(range, manifest.plaintextLength).first * SEGMENT_LENGTH;
  const ended = new AbortController();
  const stop = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
  try {
    for await (const run of runAhead(jobs(source, options, range, stop), engine, stop, wipeRun)) {
      for (const [index, plaintext] of run.entries()) {
        const wanted = plaintext.subarray(Math.max(0, range.start - at), Math.max(0, range.end - at));
        at += plaintext.length;
        if (wanted.length === 0) continue;
        let taken = false;
        try {
          yield wanted;
          taken = true;
        } finally {
          // Whoever stops here has this one, and never sees the rest.
          if (!taken) wipeRun(run.slice(index + 1));
        }
      }
    }
  } finally {
    ended.abort(new Error('the reader stopped'));
  }
}

async function* jobs(
  source: AsyncIterable<Uint8Array>,
  { engine, keys, manifest }: OpenStreamOptions,
  range: ByteRange,
  signal: AbortSignal,
): AsyncGenerator<Job<readonly Bytes[]>, void> {
  const { version, plaintextLength, objectLength, root } = manifest;
  const { first, last, object } = segmentsForRange(range, plaintextLength);
  const shapes = batchesOf(first, last, plaintextLength, SEGMENTS_PER_WEB_BATCH);
  const refuse = { tooShort: () => fileIntegrity('too short'), tooLong: () => fileIntegrity('too long') };
  // A whole read sees every tag: that they are these, and no others that the same keys once made, is proven before its end.
  const whole = first === 0 && object.end === objectLength && version === 2;
  const tags = whole ? new TagRoot(keys.header, plaintextLength) : undefined;
  const bytes = source[Symbol.asyncIterator]();
  for await (const { shape, buffer } of assemble(bytes, shapes, WEB_WIRE, refuse, webBuffer)) {
    tags?.sealed(wireOf(buffer), shape);
    if (shape.final && tags && !equalBytes(await tags.digest(), root)) {
      wipe(buffer);
      throw fileIntegrity('the tags are not those of the manifest');
    }
    yield { start: () => engine.open({ ...shape, buffer, keys }, signal), drop: () => wipe(buffer) };
  }
}

const wipeRun = (run: readonly Bytes[]): void => run.forEach(({ buffer }) => wipe(buffer));

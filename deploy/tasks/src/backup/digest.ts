import { createHash, type Hash } from 'node:crypto';
import { Transform, Writable, type Readable, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Bytes and their SHA-256. */
export interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

/** Passes bytes on and remembers what passed. */
export class DigestTap extends Transform {
  private readonly hash: Hash = createHash('sha256');
  private count = 0;
  private done: Digest | undefined;

  /** Of everything that has passed; call it when the stream is over. */
  get digest(): Digest {
    this.done ??= { bytes: this.count, sha256: this.hash.digest('hex') };
    return this.done;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, next: TransformCallback): void {
    this.hash.update(chunk);
    this.count += chunk.length;
    next(null, chunk);
  }
}

/** Reads a stream to its end and keeps nothing of it. */
export async function digestOf(stream: Readable): Promise<Digest> {
  const tap = new DigestTap();
  await pipeline(stream, tap, new Writable({ write: (_chunk, _encoding, next) => next() }));
  return tap.digest;
}

import { createHash, type Hash } from 'node:crypto';
import { Transform, Writable, type Readable, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';

/** Bytes and their SHA-256. */
export interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

/** What passed a tap: CRC-32 as well, which the index names for objects. */
export interface Sums extends Digest {
  readonly crc32: number;
}

/** Passes bytes on and remembers what passed. */
export class DigestTap extends Transform {
  private readonly hash: Hash = createHash('sha256');
  private count = 0;
  private sum = 0;
  private done: Sums | undefined;

  /** Of everything that has passed; call it when the stream is over. */
  get digest(): Sums {
    this.done ??= { bytes: this.count, sha256: this.hash.digest('hex'), crc32: this.sum };
    return this.done;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, next: TransformCallback): void {
    this.hash.update(chunk);
    this.sum = crc32(chunk, this.sum);
    this.count += chunk.length;
    next(null, chunk);
  }
}

/** Reads a stream to its end and keeps nothing of it. */
export async function digestOf(stream: Readable): Promise<Sums> {
  const tap = new DigestTap();
  await pipeline(stream, tap, new Writable({ write: (_chunk, _encoding, next) => next() }));
  return tap.digest;
}

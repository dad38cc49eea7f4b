import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { ByteRange, Manifest, ManifestVersion, Suite } from '../src/index.js';
import {
  CallingThread,
  FileSealer,
  SealedFile,
  type ReadObject,
  type SealedObject,
  type SealedPart,
  type SegmentEngine,
} from '../src/node/index.js';

export const BOTH_SUITES: readonly Suite[] = ['01', '02'];

/** Lengths around every edge of blocks and segments. */
export const EDGE_LENGTHS = [0, 1, 15, 16, 17, 65_535, 65_536, 65_537, 1_000_003];

/** A sealed file with everything that opens it. */
export interface Sealed {
  readonly suite: Suite;
  readonly dek: Uint8Array;
  readonly fileId: string;
  readonly roomId: string;
  readonly plaintext: Buffer;
  readonly object: Buffer;
  readonly manifest: SealedObject;
  readonly parts: readonly SealedPart[];
}

export const inline: SegmentEngine = new CallingThread();

export async function* inChunks(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function seal(
  plaintext: Buffer,
  options: {
    suite?: Suite;
    engine?: SegmentEngine;
    chunk?: number;
    dek?: Uint8Array;
    fileId?: string;
    roomId?: string;
    manifestVersion?: ManifestVersion;
  } = {},
): Promise<Sealed> {
  const {
    suite = '02',
    engine = inline,
    chunk,
    dek = randomBytes(32),
    fileId = randomUUID(),
    roomId = randomUUID(),
    manifestVersion = 2,
  } = options;
  const plaintextLength = plaintext.length;
  const sealer = new FileSealer({ engine, suite, dek, fileId, roomId, plaintextLength, manifestVersion });
  const parts: SealedPart[] = [];
  for await (const part of sealer.parts(inChunks(plaintext, chunk))) parts.push(part);
  const object = Buffer.concat(parts.flatMap((part) => part.bytes));
  return { suite, dek, fileId, roomId, plaintext, object, manifest: sealer.sealed(), parts };
}

/** A store that holds one object and answers ranges as S3 does: never more than it has. */
export function storeOf(object: Uint8Array, chunk = 65_536): ReadObject & { readonly asked: ByteRange[] } {
  const asked: ByteRange[] = [];
  const read = (range: ByteRange) => {
    asked.push(range);
    return inChunks(object.subarray(range.start, Math.min(range.end, object.length)), chunk);
  };
  return Object.assign(read, { asked });
}

/** Opens and reads; `changes` replace what the honest reader would use. */
export async function read(
  sealed: Sealed,
  changes: Partial<{
    object: Uint8Array;
    dek: Uint8Array;
    fileId: string;
    roomId: string;
    manifest: Manifest;
    header: Uint8Array;
    range: ByteRange;
    engine: SegmentEngine;
  }> = {},
): Promise<Buffer> {
  const { dek, fileId, roomId, manifest, object, range, header, engine = inline } = { ...sealed, ...changes };
  const known = header === undefined ? {} : { header };
  const file = await SealedFile.open({ engine, dek, fileId, roomId, manifest, readObject: storeOf(object), ...known });
  try {
    return await collect(file.read(range));
  } finally {
    file.destroy();
  }
}

/** The reason of the refusal, `accepted` when there was none, or what else was thrown. */
export async function reasonOf(attempt: () => Promise<unknown> | unknown): Promise<string> {
  try {
    await attempt();
    return 'accepted';
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
}

/** tagRoot by the letter: SHA-256 of the header and the last 32 bytes of each segment. */
export function tagRootOf(object: Uint8Array): Buffer {
  const hash = createHash('sha256').update(object.subarray(0, 72));
  for (let end = 72; end < object.length;) {
    end = Math.min(end + 65_600, object.length);
    hash.update(object.subarray(end - 32, end));
  }
  return hash.digest();
}

/** What the manifest of a version binds of an object. */
export const rootOf = (version: ManifestVersion, object: Uint8Array): Buffer =>
  version === 1 ? sha256(object) : tagRootOf(object);

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

import type { ByteRange, Manifest } from '../src/index.js';
import { segmentsForRange } from '../src/index.js';
import { WebCallingThread, deriveFileKeys, openStream, type WebEngine } from '../src/web/index.js';
import { inChunks } from './fixtures.js';

/** A sealed file as a browser gets it. */
export interface WebSealed {
  readonly dek: Uint8Array;
  readonly fileId: string;
  readonly roomId: string;
  readonly object: Uint8Array;
  readonly manifest: Manifest;
}

export const onThisThread: WebEngine = new WebCallingThread();

/** Opens and reads as a browser does; `release` is told of every chunk as it comes out. */
export async function readInBrowser(
  { dek, fileId, roomId, object, manifest }: WebSealed,
  {
    chunk,
    range,
    engine = onThisThread,
    release = () => undefined,
  }: { chunk?: number; range?: ByteRange; engine?: WebEngine; release?: (bytes: Uint8Array) => void } = {},
): Promise<Buffer> {
  const keys = await deriveFileKeys(dek, object.subarray(0, 72), fileId, roomId);
  const { plaintextLength } = manifest;
  const wanted = segmentsForRange(range ?? { start: 0, end: plaintextLength }, plaintextLength).object;
  // Of a whole read everything that there is, so that what was appended is seen.
  const wire = object.subarray(wanted.start, range === undefined ? object.length : wanted.end);
  const chunks: Uint8Array[] = [];
  const options = { engine, keys, manifest, ...(range && { range }) };
  for await (const bytes of openStream(inChunks(wire, chunk), options)) {
    release(bytes);
    chunks.push(bytes);
  }
  keys.destroy();
  return Buffer.concat(chunks);
}

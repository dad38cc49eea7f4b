import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Unpacks a module's archive, every entry of which begins with `prefix`, into a folder.
 *
 * @returns the SHA-256 of each file in hexadecimal digits, by its whole name in the archive
 * @throws Error where an entry lies elsewhere
 */
export async function unzip(archive: string, into: string, prefix: string): Promise<Map<string, string>> {
  // Only whoever has no Go needs it: a checkout whose packages are older runs without it.
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(archive);
  const hashes = new Map<string, string>();
  const folders = new Set<string>();
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName } = entry;
      const inside = fileName.slice(prefix.length);
      if (!fileName.startsWith(prefix) || normalize(inside).startsWith('..'))
        throw new Error(`${fileName} does not belong into the archive`);
      if (fileName.endsWith('/')) continue;
      const target = join(into, inside);
      if (!folders.has(dirname(target))) await mkdir(dirname(target), { recursive: true });
      folders.add(dirname(target));
      const hash = createHash('sha256');
      const hashed = new PassThrough();
      hashed.on('data', (chunk: Buffer) => hash.update(chunk));
      await pipeline(await zip.openReadStreamPromise(entry), hashed, createWriteStream(target));
      hashes.set(fileName, hash.digest('hex'));
    }
  } finally {
    zip.close();
  }
  return hashes;
}

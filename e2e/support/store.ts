import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const data = (): string => join(process.env['CONCLAVE_FOLDER'] ?? '', 'data', 'minio');

/** Keys of every object in the bucket, from the disk of the store and not from any index of ours. */
export const storedKeys = async (): Promise<string[]> =>
  (await readdir(join(data(), 'conclave-files'), { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

/** Uploads that were begun in the store and neither ended nor taken back. */
export const unfinishedUploads = async (): Promise<string[]> =>
  (await readdir(join(data(), '.minio.sys', 'multipart'), { recursive: true }).catch(() => [])).filter((name) =>
    name.includes('/'),
  );

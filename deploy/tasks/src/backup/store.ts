import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OperatorError } from '@conclave/platform';
import { DigestTap, type Sums } from './digest.js';

/** A place for the parts of backups; names have slashes. A part that is there is whole. */
export interface PartStore {
  /** For words: where it is. */
  readonly where: string;
  /** Its name in there, with whatever this place puts in front. */
  fullName(name: string): string;
  put(name: string, content: Readable, length?: number): Promise<Sums>;
  get(name: string): Promise<Readable>;
  /** Its length, or null where it is not there. */
  size(name: string): Promise<number | null>;
  /** Names below a prefix, which ends in a slash. */
  list(prefix: string): AsyncIterable<string>;
  remove(name: string): Promise<void>;
}

/** A folder: a volume, a mounted share. */
export class FolderStore implements PartStore {
  readonly where: string;

  constructor(private readonly folder: string) {
    this.where = `folder ${folder}`;
  }

  fullName(name: string): string {
    return name;
  }

  async put(name: string, content: Readable): Promise<Sums> {
    const target = join(this.folder, name);
    const work = `${target}.partial`;
    const tap = new DigestTap();
    try {
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      // Whole and on the disk before it has its name: a run that is killed leaves no half part behind.
      await pipeline(content, tap, createWriteStream(work, { mode: 0o600, flush: true }));
      await rename(work, target);
    } catch (cause) {
      await rm(work, { force: true });
      throw wordsFor(cause, this.where);
    }
    return tap.digest;
  }

  get(name: string): Promise<Readable> {
    return Promise.resolve(createReadStream(join(this.folder, name)));
  }

  async size(name: string): Promise<number | null> {
    const found = await stat(join(this.folder, name)).catch(() => null);
    return found?.isFile() ? found.size : null;
  }

  async *list(prefix: string): AsyncIterable<string> {
    const base = join(this.folder, prefix);
    const entries = await readdir(base, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile() || entry.name.endsWith('.partial')) continue;
      yield prefix + relative(base, join(entry.parentPath, entry.name)).split(sep).join('/');
    }
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.folder, name), { force: true });
    // Folders that are empty now go as well, as far up as they are.
    for (let folder = dirname(name); folder !== '.'; folder = dirname(folder)) {
      const left = await readdir(join(this.folder, folder)).catch(() => ['?']);
      if (left.length > 0) return;
      await rmdir(join(this.folder, folder));
    }
  }
}

function wordsFor(cause: unknown, where: string): unknown {
  const { code } = cause as { code?: string };
  if (code === 'ENOSPC')
    return new OperatorError(`${where} is full; the backup was not finished and the one before is whole.`, { cause });
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return new OperatorError(`${where} cannot be written by this user (${code}).`, { cause });
  return cause;
}

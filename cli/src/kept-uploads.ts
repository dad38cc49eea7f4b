import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isRecord } from './failure.ts';

const sampleBytes = 64 * 1024;
/** As long as the server keeps what is not whole. */
const keptMs = 24 * 3_600_000;

/** An upload that is not whole yet, as this machine remembers it. Neither a token nor a name is in it. */
export interface KeptUpload {
  /** The same for every try: the file is shared once, whatever becomes of the answers. */
  readonly key: string;
  readonly id: string | null;
  readonly print: string;
  readonly begunAt: number;
}

/** Remembers uploads in `~/.cache/conclave`, a file each, under a name that says nothing. */
export class KeptUploads {
  private readonly folder: string;

  constructor(folder = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'conclave', 'uploads')) {
    this.folder = folder;
  }

  /** What is known of this file on its way there; a new wish where nothing is, or the file is another by now. */
  async of(where: readonly string[], print: string): Promise<KeptUpload> {
    const found = await this.read(where);
    const now = Date.now();
    if (found && found.print === print && now - found.begunAt < keptMs) return found;
    return { key: randomUUID(), id: null, print, begunAt: now };
  }

  async keep(where: readonly string[], upload: KeptUpload): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const file = this.placeOf(where);
    await writeFile(`${file}.new`, JSON.stringify(upload), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }

  async forget(where: readonly string[]): Promise<void> {
    await rm(this.placeOf(where), { force: true });
  }

  private async read(where: readonly string[]): Promise<KeptUpload | undefined> {
    const text = await readFile(this.placeOf(where), 'utf8').catch(() => '');
    try {
      const value: unknown = JSON.parse(text);
      if (!isRecord(value)) return undefined;
      const { key, id, print, begunAt } = value;
      if (typeof key !== 'string' || typeof print !== 'string' || typeof begunAt !== 'number') return undefined;
      return { key, print, begunAt, id: typeof id === 'string' ? id : null };
    } catch {
      return undefined;
    }
  }

  private placeOf(where: readonly string[]): string {
    return join(this.folder, `${createHash('sha256').update(JSON.stringify(where)).digest('hex').slice(0, 32)}.json`);
  }
}

/** What tells this file from another one of the same name: size, time, its first and its last bytes. */
export async function fingerprint(path: string): Promise<{ size: number; print: string }> {
  const file = await open(path);
  try {
    const { size, mtimeMs } = await file.stat();
    const hash = createHash('sha256').update(JSON.stringify([size, mtimeMs]));
    hash.update(await sample(file, 0));
    hash.update(await sample(file, Math.max(0, size - sampleBytes)));
    return { size, print: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

async function sample(file: FileHandle, at: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(sampleBytes), 0, sampleBytes, at);
  return buffer.subarray(0, bytesRead);
}

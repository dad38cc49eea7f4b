import { mkdir, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../process/alive.js';

/** Where built servers are kept between runs and checkouts: the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'conclave', 'servers');
}

async function tryLock(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
}

/** A lock whose holder died without removing it must not stop anyone. */
async function dropIfStale(path: string): Promise<void> {
  const holder = Number(await readFile(path, 'utf8').catch(() => ''));
  if (holder > 0 && !isAlive(holder)) await rm(path, { force: true });
}

/** Runs `work` while no other process of this user holds the lock of that name, so that two checkouts never build the same server at once. */
export async function withLock<T>(name: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  await mkdir(cacheFolder(), { recursive: true });
  const path = join(cacheFolder(), `.${name}.lock`);
  let handle = await tryLock(path);
  if (!handle) onWait?.();
  while (!handle) {
    await dropIfStale(path);
    await sleep(250);
    handle = await tryLock(path);
  }
  try {
    await handle.writeFile(`${process.pid}\n`);
    return await work();
  } finally {
    await handle.close();
    await rm(path, { force: true });
  }
}

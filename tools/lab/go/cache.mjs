// Where built tools of the labs are kept between runs and checkouts, and the lock that keeps two checkouts from building
// the same thing at once. The same rule as for the servers of `npm start`, in plain JavaScript: labs run before anything
// is compiled.
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The labs' part of the user's cache folder. */
export const labCache = (env = process.env) => join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'conclave', 'lab');

/** Links to the newest build of every tool, for hands and for scripts that need no exact pin. */
export const linkFolder = (env = process.env) => join(labCache(env), 'bin');

function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
  } catch {
    return true;
  }
}

const tryLock = (path) =>
  open(path, 'wx').catch((error) => {
    if (error.code === 'EEXIST') return null;
    throw error;
  });

/** Runs `work` while no other process of this user holds the lock of that name. */
export async function withLock(name, work, onWait) {
  await mkdir(labCache(), { recursive: true });
  const path = join(labCache(), `.${name}.lock`);
  let handle = await tryLock(path);
  if (!handle) onWait?.();
  while (!handle) {
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    // A holder that died without removing it must not stop anyone.
    if (holder > 0 && !isAlive(holder)) await rm(path, { force: true });
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

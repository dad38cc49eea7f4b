// Two commands at once must not make the same thing: one would remove what the other writes. The same rule as for the servers of
// `npm start`, in plain JavaScript: labs, and what installs and compiles a checkout, run before anything is compiled.
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

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

/** Runs `work` while no other process holds the lock of that name in that folder. */
export async function withLockIn(folder, name, work, onWait) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `.${name}.lock`);
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

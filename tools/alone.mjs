// One command at a time installs and compiles a checkout: two starts at once would remove what the other one writes.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/** The lock of a holder that was killed counts for nothing. */
function dropIfLeft(file) {
  try {
    const holder = Number(readFileSync(file, 'utf8'));
    if (holder > 0 && !isAlive(holder)) rmSync(file, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** Runs `work` while no other command of this checkout does; waits for it as long as it takes. */
export async function alone(work, folder = join(root, '.conclave', 'state')) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'build.lock');
  while (!take(file)) {
    dropIfLeft(file);
    await pause(200);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

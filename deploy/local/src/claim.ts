import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeLeftContainers } from '@conclave/servers';
import type { Installation } from './installation.js';
import { clearState, known, readState, stillRuns, type KnownProcess } from './run-state.js';

/** Somebody else already runs this installation. */
export class AlreadyRunning extends Error {
  constructor(pid: number, url: string | null) {
    super(
      `Conclave already runs from this checkout${url ? ` at ${url}` : ''} (process ${pid}). ` +
        'Stop it with Ctrl-C where it was started; `npm run status` shows it. Another checkout can run beside it.',
    );
  }
}

function holderOf(lockFile: string): KnownProcess | null {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')) as KnownProcess;
  } catch {
    return null;
  }
}

function take(lockFile: string): boolean {
  try {
    const handle = openSync(lockFile, 'wx', 0o600);
    writeFileSync(handle, JSON.stringify(known('supervisor', process.pid)));
    closeSync(handle);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Makes this process the only one that runs the installation. A claim of a process that is gone does not count. */
export function claim(installation: Installation): () => void {
  const { lockFile, stateFile } = installation;
  if (!take(lockFile)) {
    const holder = holderOf(lockFile);
    if (holder && stillRuns(holder)) throw new AlreadyRunning(holder.pid, readState(stateFile)?.url ?? null);
    rmSync(lockFile, { force: true });
    if (!take(lockFile)) throw new AlreadyRunning(holderOf(lockFile)?.pid ?? 0, null);
  }
  return () => rmSync(lockFile, { force: true });
}

/**
 * After a supervisor was killed: its guard ends what it had started, which takes some seconds. What still runs then,
 * is ended here. Tells how many there were.
 */
export async function recover(installation: Installation, patienceMs = 8_000): Promise<number> {
  const left = (): KnownProcess[] => (readState(installation.stateFile)?.processes ?? []).filter(stillRuns);
  const found = left().length;
  const end = Date.now() + patienceMs;
  while (left().length > 0 && Date.now() < end) await sleep(100);
  const signal = (name: string): NodeJS.Signals => (name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  for (const process_ of left()) process.kill(process_.pid, signal(process_.name));
  const last = Date.now() + 10_000;
  while (left().length > 0 && Date.now() < last) await sleep(100);
  for (const process_ of left()) process.kill(process_.pid, 'SIGKILL');
  await removeLeftContainers(installation.folder);
  clearState(installation.stateFile);
  return found;
}

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive, startedAt } from '@conclave/servers';

/** A process as it was written down. Its beginning tells it from another one that got its id later. */
export interface KnownProcess {
  readonly name: string;
  readonly pid: number;
  readonly startedAt: string | null;
  readonly port: number | null;
  readonly restarts: number;
}

/** What runs, written down while it runs. */
export interface RunState {
  readonly supervisor: KnownProcess;
  readonly url: string;
  readonly since: string;
  readonly ready: boolean;
  readonly processes: readonly KnownProcess[];
}

/** Writes down a process. */
export const known = (name: string, pid: number, port: number | null = null, restarts = 0): KnownProcess => ({
  name,
  pid,
  startedAt: startedAt(pid),
  port,
  restarts,
});

/** Whether that very process still runs. */
export const stillRuns = (process: KnownProcess): boolean =>
  isAlive(process.pid) && (process.startedAt === null || startedAt(process.pid) === process.startedAt);

/** What was written down last, or null. A file that cannot be read counts as nothing. */
export function readState(file: string): RunState | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunState;
  } catch {
    return null;
  }
}

/** Writes it down, whole or not at all. */
export function writeState(file: string, state: RunState): void {
  writeFileSync(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Nothing runs any more. */
export const clearState = (file: string): void => rmSync(file, { force: true });

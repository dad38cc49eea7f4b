import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive, startedAt, type Supervised } from '@conclave/servers';

/** A process as it was written down. Its beginning tells it from another one that got its id later. */
export interface KnownProcess {
  readonly name: string;
  readonly pid: number;
  readonly startedAt: string | null;
  readonly port: number | null;
  readonly restarts: number;
}

/** One that should run and does not. */
export interface MissingProcess {
  readonly name: string;
  readonly restarts: number;
  /** How it ended, or why it did not start. */
  readonly trouble: string;
}

/** What runs, written down while it runs. */
export interface RunState {
  readonly supervisor: KnownProcess;
  readonly url: string;
  /** The page with the mail that would have been sent. */
  readonly mailbox: string;
  readonly since: string;
  readonly ready: boolean;
  readonly processes: readonly KnownProcess[];
  /** What was ended and is to be started again; a run of the release before does not say. */
  readonly missing?: readonly MissingProcess[];
}

/** Writes down a process. */
export const known = (name: string, pid: number, port: number | null = null, restarts = 0): KnownProcess => ({
  name,
  pid,
  startedAt: startedAt(pid),
  port,
  restarts,
});

/** What of all that is supervised runs, and what should and does not. */
export function takeStock(
  supervised: readonly Pick<Supervised, 'name' | 'pid' | 'restarts' | 'trouble'>[],
  portOf: (name: string) => number | null,
): Required<Pick<RunState, 'processes' | 'missing'>> {
  return {
    processes: supervised.flatMap(({ name, pid, restarts }) =>
      pid === null ? [] : [known(name, pid, portOf(name), restarts)],
    ),
    missing: supervised.flatMap(({ name, pid, restarts, trouble }) =>
      pid === null && trouble !== null ? [{ name, restarts, trouble }] : [],
    ),
  };
}

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

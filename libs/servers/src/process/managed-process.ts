import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { unwatch, unwatchContainer, watch, watchContainer, type GuardGroup } from './guard.js';
import { ProcessFailed } from './process-failed.js';
import { run } from './run.js';

/** What to run and how to end it. */
export interface ProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Sockets that it inherits, from number 3 on. */
  readonly inherit?: readonly number[];
  readonly group?: GuardGroup;
  readonly stopSignal?: NodeJS.Signals;
  /** After this long the stop signal is sent again: to LiveKit the first means "when all have left", the second "now". */
  readonly repeatStopAfterMs?: number;
  /** After this long the process is killed. */
  readonly killAfterMs?: number;
  /** The container that the command is attached to: it is removed with it. */
  readonly container?: string;
  /** Hears every line the process writes. */
  readonly onLine?: (line: string) => void;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const running = new Set<ManagedProcess>();

/** Each probe has a shorter limit of its own; this one holds whatever it does. */
const probeMs = 5_000;

/** A probe that fails is asked again, unless it says that asking is of no use. */
function notYet(error: unknown): false {
  if (error instanceof ProcessFailed) throw error;
  return false;
}

/** Ends every process that this one has started, at once; for an interrupted start. */
export async function stopEverything(): Promise<void> {
  await Promise.all([...running].map((process) => process.stop()));
}

/** A process leads its own group; what it started and left behind there goes with it. */
function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // The usual case: nobody is left.
  }
}

/** A child process that never outlives this one, remembers its last words and is stopped in bounded time. */
export class ManagedProcess {
  readonly name: string;
  readonly exited: Promise<Exit>;
  #child: ChildProcess;
  #options: ProcessOptions;
  #exit: Exit | null = null;
  #tail: string[] = [];

  constructor(options: ProcessOptions) {
    this.name = options.name;
    this.#options = options;
    const { uid, gid } = options;
    this.#child = spawn(options.command, options.args, {
      // Its own session, so that Ctrl-C reaches only us and everything ends in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...(options.inherit ?? [])],
      env: options.env ?? baseEnvironment(),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    const pid = this.#child.pid;
    const { container } = options;
    if (container) watchContainer(container);
    if (pid) watch(pid, options.group ?? 'server', options.stopSignal ?? 'SIGTERM');
    running.add(this);
    for (const stream of [this.#child.stdout, this.#child.stderr]) this.#listen(stream);
    this.exited = new Promise((resolve) => {
      const done = (exit: Exit): void => {
        if (pid) unwatch(pid);
        if (pid) endGroup(pid);
        // Nobody who inherited its output may keep us waiting for the end of it.
        setTimeout(() => {
          this.#child.stdout?.destroy();
          this.#child.stderr?.destroy();
        }, 200).unref();
        const gone = (): void => {
          running.delete(this);
          this.#exit ??= exit;
          resolve(this.#exit);
        };
        if (!container) return gone();
        // The command may have been killed, and then its container still runs.
        void run('docker', ['rm', '--force', '--volumes', container]).then(() => {
          unwatchContainer(container);
          gone();
        });
      };
      this.#child.once('error', (error) => {
        this.#tail.push(error.message);
        done({ code: 127, signal: null });
      });
      this.#child.once('exit', (code, signal) => done({ code, signal }));
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** How it ended, or null while it runs. */
  get exit(): Exit | null {
    return this.#exit;
  }

  /** The last lines it wrote. */
  get lastWords(): string {
    return this.#tail.join('\n');
  }

  #listen(stream: Readable | null): void {
    if (!stream) return;
    createInterface({ input: stream }).on('line', (line) => {
      this.#tail.push(line);
      if (this.#tail.length > 25) this.#tail.shift();
      this.#options.onLine?.(line);
    });
  }

  /** Waits until `probe` answers true. Ends with an error when the process dies first, the time is over or nobody waits any more. */
  async ready(probe: () => Promise<boolean>, timeoutMs = 60_000, signal?: AbortSignal): Promise<void> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      if (this.#exit) {
        await sleep(50);
        const how = this.#exit.signal ?? `code ${this.#exit.code}`;
        throw new ProcessFailed(this.name, `ended (${how}) before it was ready`, this.lastWords);
      }
      signal?.throwIfAborted();
      // A probe that never answers, of a server that hangs, must not outlast the limit.
      if (await Promise.race([probe().catch(notYet), sleep(probeMs, false, { ref: false })])) return;
      if (Date.now() > end)
        throw new ProcessFailed(this.name, `was not ready after ${timeoutMs / 1000} s`, this.lastWords);
      await sleep(25);
    }
  }

  /** Asks it to end, asks again, and at last kills it. Resolves when it is gone. */
  async stop(): Promise<Exit> {
    const { stopSignal = 'SIGTERM', repeatStopAfterMs = 3_000, killAfterMs = 15_000 } = this.#options;
    if (this.#exit) return this.#exit;
    this.#child.kill(stopSignal);
    const again = setTimeout(() => this.#child.kill(stopSignal), repeatStopAfterMs);
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), killAfterMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(again);
      clearTimeout(kill);
    }
  }

  /** Ends it without a word; for tests that need a crash. */
  async kill(): Promise<Exit> {
    this.#child.kill('SIGKILL');
    return this.exited;
  }
}

/** The environment that a server needs and no more: nothing of ours leaks into it. */
export function baseEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, TZ, TMPDIR } = process.env;
  return Object.fromEntries(
    Object.entries({ PATH, HOME, LANG, TZ, TMPDIR }).filter(([, value]) => value !== undefined),
  );
}

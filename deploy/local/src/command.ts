import { auditCheck } from './audit-check.js';
import { claim, recover } from './claim.js';
import { openInstallation, type Installation } from './installation.js';
import { readOptions, usage, UsageError } from './options.js';
import { servers } from './servers.js';
import { reset } from './reset.js';
import { Screen } from './screen.js';
import { start } from './start.js';
import { folderFailure, startFailure, type StartFailure } from './start-failure.js';
import { status } from './status.js';

/** Where an installation is opened. */
export interface Place {
  /** The checkout; where nothing is said, the one that this file belongs to. */
  readonly checkout?: string;
  /** Where databases lie that root's Postgres may reach. */
  readonly shared?: string;
}

const asked = new AbortController();

/** Ends on Ctrl-C, on a polite signal, and when whoever started us is gone. */
function listenForTheEnd(screen: Screen): void {
  const began = process.ppid;
  let first = 0;
  const end = (): void => {
    const now = Date.now();
    if (!asked.signal.aborted) {
      first = now;
      screen.say('');
      asked.abort();
      return;
    }
    // npm passes Ctrl-C on, so one keystroke arrives twice. A second keystroke means "at once": the guard does the rest.
    if (now - first > 1_500) process.kill(process.pid, 'SIGKILL');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  setInterval(() => {
    if (process.ppid !== began && !asked.signal.aborted) end();
  }, 1_000).unref();
}

let opened: Installation | null = null;

function open({ checkout, shared }: Place): Installation {
  opened = openInstallation(checkout, shared);
  return opened;
}

function explain(error: unknown): StartFailure {
  if (opened) return startFailure(error, opened);
  return folderFailure(error);
}

async function obey(argv: readonly string[], place: Place): Promise<number> {
  // Whoever read our output may stop reading; that is no reason to leave servers behind.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const options = readOptions(argv);
  if (!options) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  let installation = open(place);
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  if (options.command === 'status') return status(installation, print);
  if (options.command === 'audit:check') return auditCheck(installation, print);
  const since = Number(process.env['CONCLAVE_BEGAN']) || Date.now();
  const screen = new Screen(process.stdout, performance.now() - (Date.now() - since));
  if (options.command === 'servers') return servers(screen);
  if (options.reset) {
    claim(installation)();
    await recover(installation);
    await reset(installation, options.yes);
    installation = open(place);
  }
  listenForTheEnd(screen);
  await start(installation, options, screen, asked.signal);
  return 0;
}

/** Does what the command line says, and ends the process: 0 well, 1 not; a failed start says why in one sentence. */
export async function runCommand(argv: readonly string[], place: Place = {}): Promise<never> {
  try {
    process.exitCode = await obey(argv, place);
  } catch (error) {
    process.exitCode = asked.signal.aborted ? 0 : 1;
    if (!asked.signal.aborted) {
      const { sentence, log } = explain(error);
      process.stderr.write(`\n${sentence}\n`);
      if (error instanceof UsageError) process.stderr.write(`\n${usage}\n`);
      if (log) process.stderr.write(`Log: ${log}\n`);
    }
  }
  process.exit();
}

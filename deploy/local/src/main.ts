import { DatabasesGone } from '@conclave/servers';
import { auditCheck } from './audit-check.js';
import { AlreadyRunning, claim, recover } from './claim.js';
import { openInstallation } from './installation.js';
import { readOptions, usage, UsageError } from './options.js';
import { PortTaken } from './public-port.js';
import { servers } from './servers.js';
import { reset, ResetRefused } from './reset.js';
import { Screen } from './screen.js';
import { start } from './start.js';
import { status } from './status.js';

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

async function main(): Promise<number> {
  // Whoever read our output may stop reading; that is no reason to leave servers behind.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const installation = openInstallation();
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
    openInstallation();
  }
  listenForTheEnd(screen);
  await start(installation, options, screen, asked.signal);
  return 0;
}

/** Errors that are answers to a person: their words suffice. */
const answers = [UsageError, AlreadyRunning, PortTaken, ResetRefused, DatabasesGone];

try {
  process.exitCode = await main();
} catch (error) {
  if (asked.signal.aborted) process.exitCode = 0;
  else {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message}\n`);
    if (error instanceof UsageError) process.stderr.write(`\n${usage}\n`);
    if (!answers.some((kind) => error instanceof kind)) process.stderr.write('The logs are in .conclave/logs.\n');
    process.exitCode = 1;
  }
}
process.exit();

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const checkout = new URL('../../../../', import.meta.url);
const runSources = new URL('libs/testing/run-sources.mjs', checkout).href;

/** What a command did. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** A command that runs: it can be killed. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
}

/** Starts an operator's command from its source, as `node dist/<command>.js` does. */
export function start(source: string, env: Readonly<Record<string, string>>, args: readonly string[] = []): Running {
  const main = fileURLToPath(new URL(source, checkout));
  const child = spawn(process.execPath, ['--conditions=@conclave/source', '--import', runSources, main, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { child, ended };
}

/** Runs one of files' own commands to its end. */
export const command = (
  name: 'rewrap' | 'preflight' | 'check',
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Ran> => start(`services/files/src/${name}.ts`, env, args).ended;

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const checkout = new URL('../../../../', import.meta.url);
const runSources = new URL('libs/testing/run-sources.mjs', checkout).href;

/** What a command did. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command of a workspace from its source, as `node dist/<command>.js` does; one that hangs is ended. */
export function run(source: string, env: Readonly<Record<string, string>>, args: readonly string[] = []): Promise<Ran> {
  const main = fileURLToPath(new URL(source, checkout));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--conditions=@conclave/source', '--import', runSources, main, ...args],
      { env: { PATH: process.env['PATH'] ?? '', ...env }, timeout: 90_000 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, output: stdout + stderr }),
    );
  });
}

/** A task of ours. */
export const task = (name: string, env: Readonly<Record<string, string>>, ...args: string[]): Promise<Ran> =>
  run(`deploy/tasks/src/${name}.ts`, env, args);

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onFileEnd } from '@conclave/testing';
import { DataClient } from './data-client.js';

const runSources = new URL('../../../../libs/testing/run-sources.mjs', import.meta.url).href;
const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Files as a process of its own: it can be killed and it can be asked to stop. */
export interface FilesProcess {
  readonly data: DataClient;
  readonly pid: number;
  readonly log: () => string;
  /** As a power cut would. */
  kill(): Promise<void>;
  /** As a supervisor would; answers the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `main.ts` with this environment; resolves when it says that it is ready. */
export async function filesProcess(env: Readonly<Record<string, string>>): Promise<FilesProcess> {
  const child = spawn(process.execPath, ['--conditions=@conclave/source', '--import', runSources, main], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let ended = false;
  void exited.then(() => (ended = true));
  onFileEnd(() => child.kill('SIGKILL'));
  while (!output.includes('"message":"ready"')) {
    if (ended) throw new Error(`files did not start:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const listens = output.split('\n').find((line) => line.includes('data plane listens'));
  return {
    data: new DataClient((JSON.parse(listens ?? '{}') as { port: number }).port),
    pid: child.pid ?? 0,
    log: () => output,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return (await exited)[0];
    },
  };
}

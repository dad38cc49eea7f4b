import { spawn, type SpawnOptions } from 'node:child_process';
import { basename } from 'node:path';
import { ProcessFailed } from './process-failed.js';

/** What a finished command left behind. */
export interface RunResult {
  readonly code: number;
  readonly output: string;
}

/** Runs a command to its end and collects what it says. A command that cannot be started counts as exit code 127. */
export function run(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<RunResult> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Like {@link run}, but anything other than success is an error that says what the command said. */
export async function runOrThrow(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<string> {
  const { code, output } = await run(command, args, options);
  if (code !== 0) {
    const name = basename(command);
    throw new ProcessFailed(name, `ended with ${code}`, output.trim().split('\n').slice(-20).join('\n'));
  }
  return output;
}

import { spawnSync } from 'node:child_process';

/** Runs a command to its end and answers with what it printed. @throws Error with its words when it fails */
export function need(command, args, options) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26, ...options });
  if (done.status === 0) return done.stdout;
  throw new Error(`${command} ${args[0]} … ended with ${done.status ?? done.error?.message}\n${done.stderr ?? ''}`);
}

import { hostname } from 'node:os';
import { run } from '../process/run.js';
import { onPath } from './on-path.js';

const answer = (command: string): Promise<{ code: number; output: string }> =>
  run(command, ['info', '--format', '{{.Name}} {{json .SecurityOptions}}'], { signal: AbortSignal.timeout(5_000) });

/** The `docker` whose engine answers, or null. */
export async function engineCommand(path?: string): Promise<string | null> {
  const [command] = await onPath('docker', path);
  return command && (await answer(command)).code === 0 ? command : null;
}

/** An engine that can stand in for processes, or why there is none. */
export type LocalEngine = { readonly command: string } | { readonly reason: string };

/**
 * The engine, if its containers can share this machine's loopback and files. One in a virtual machine, on another host
 * or in a user namespace cannot: a server there would never be reached, or write files that are not ours.
 */
export async function localEngine(path?: string): Promise<LocalEngine> {
  const [command] = await onPath('docker', path);
  if (!command) return { reason: 'no `docker` on PATH' };
  const { code, output } = await answer(command);
  if (code !== 0) return { reason: 'none answers' };
  const [, name = '', security = ''] = /^(\S*) (.*)$/m.exec(output) ?? [];
  if (process.platform !== 'linux' || name !== hostname()) {
    return { reason: `its containers do not share this machine's network (it runs on "${name}")` };
  }
  if (/name=(rootless|userns)/.test(security)) return { reason: "it maps users, so this user's data is not its own" };
  return { command };
}

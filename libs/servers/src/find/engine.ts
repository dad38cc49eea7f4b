import { run } from '../process/run.js';
import { onPath } from './on-path.js';

/** The container engine that answers here, if one does. */
export async function engineCommand(path?: string): Promise<string | null> {
  for (const name of ['docker', 'podman']) {
    const [command] = await onPath(name, path);
    if (!command) continue;
    const { code } = await run(command, ['info', '--format', '{{.ID}}'], { signal: AbortSignal.timeout(5_000) });
    if (code === 0) return command;
  }
  return null;
}

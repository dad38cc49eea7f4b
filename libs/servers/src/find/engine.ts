import { run } from '../process/run.js';

/** The container engine that answers here, if one does. */
export async function engineCommand(): Promise<'docker' | 'podman' | null> {
  for (const command of ['docker', 'podman'] as const) {
    const { code } = await run(command, ['info', '--format', '{{.ID}}'], { signal: AbortSignal.timeout(5_000) });
    if (code === 0) return command;
  }
  return null;
}

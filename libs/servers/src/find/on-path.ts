import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Every file of that name on PATH that may be run, links resolved, in order and without repeats. */
export async function onPath(name: string, path = process.env['PATH'] ?? ''): Promise<string[]> {
  const found = new Set<string>();
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const file = join(folder, name);
    try {
      await access(file, constants.X_OK);
      found.add(await realpath(file));
    } catch {
      // Not here.
    }
  }
  return [...found];
}

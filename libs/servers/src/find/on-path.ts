import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/**
 * Every file of that name on PATH that may be run, in order; what several links lead to is named once. By the name it was
 * found under, for some programs look at it (Debian's redis-server is a link to one that is many things).
 */
export async function onPath(name: string, path = process.env['PATH'] ?? ''): Promise<string[]> {
  const found = new Map<string, string>();
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const file = join(folder, name);
    try {
      await access(file, constants.X_OK);
      const real = await realpath(file);
      if (!found.has(real)) found.set(real, file);
    } catch {
      // Not here.
    }
  }
  return [...found.values()];
}

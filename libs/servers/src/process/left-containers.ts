import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeContainer } from './container.js';

const fileIn = (folder: string): string => join(folder, 'state', 'containers.json');

/** Writes down which containers a run is about to start; the guard usually removes them, and the next run always. */
export async function rememberContainers(folder: string, names: readonly string[]): Promise<void> {
  if (names.length > 0) await writeFile(fileIn(folder), JSON.stringify(names), { mode: 0o600 });
}

/** Ends the containers of an earlier run, so that nobody else works on its data. */
export async function removeLeftContainers(folder: string): Promise<void> {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => '[]');
  await Promise.all((JSON.parse(text) as string[]).map(removeContainer));
  await rm(fileIn(folder), { force: true });
}

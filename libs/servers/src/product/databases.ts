import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataMajor } from '../postgres/start.js';

/** The databases of an installation are not where they were; the message says what a person can do. */
export class DatabasesGone extends Error {}

const fileIn = (folder: string): string => join(folder, 'state', 'databases');

/** Writes down where the databases lie, once they are there. */
export const rememberDatabases = (folder: string, postgresFolder: string): Promise<void> =>
  writeFile(fileIn(folder), `${postgresFolder}\n`, { mode: 0o600 });

/**
 * Refuses to begin with empty databases where there have been full ones: nobody could open the sealed objects that are
 * left, and a lost folder would look like a fresh start.
 */
export async function requireDatabases(folder: string, postgresFolder: string): Promise<void> {
  const before = (await readFile(fileIn(folder), 'utf8').catch(() => '')).trim();
  if (!before || (await dataMajor(postgresFolder)) !== null) return;
  const back =
    before === postgresFolder
      ? `Put ${before} back from a copy`
      : `This installation was moved: they lay in ${before}, and belong in ${postgresFolder} now. Move them there`;
  throw new DatabasesGone(
    `The databases of this installation are gone from ${postgresFolder}. ${back}, or begin anew without ` +
      'the people, rooms and files that were in them: npm start -- --reset',
  );
}

import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataOwner } from '@conclave/servers';

/** Everything that belongs to one checkout's installation. */
export interface Installation {
  /** Random, made once; kept with its data as well, so that another installation's are never taken for ours. */
  readonly id: string;
  readonly checkout: string;
  /** `.conclave`: secrets, data, logs, state. Only its owner may enter it. */
  readonly folder: string;
  readonly logs: string;
  readonly stateFile: string;
  readonly lockFile: string;
  readonly postgresFolder: string;
  /** Where databases of installations lie that root has started. */
  readonly shared: string;
}

/** The checkout that this file belongs to; the same from `src` and from `dist`. */
const here = join(import.meta.dirname, '../../..');

/** Where installations that root has started keep their databases. */
const sharedFolder = '/var/lib/conclave';

/** The id of the installation, made where there is none, whole or not at all. */
function idIn(folder: string): string {
  const file = join(folder, 'installation');
  const read = (): string => (existsSync(file) ? readFileSync(file, 'utf8').trim() : '');
  if (read()) return read();
  const whole = `${file}.${process.pid}`;
  writeFileSync(whole, `${randomUUID()}\n`, { mode: 0o600 });
  try {
    linkSync(whole, file);
  } catch (error) {
    // Another start was quicker: there is one id.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(whole);
  }
  return read();
}

/** Where an installation keeps its databases in the release before this one, when root has started it. */
const formerFolder = (shared: string, checkout: string): string =>
  join(shared, createHash('sha256').update(checkout).digest('hex').slice(0, 16), 'postgres');

/**
 * Where Postgres keeps its data. It refuses to be root, and its own user may not enter a folder of mode 0700 that
 * belongs to root; started by root, its data lies under /var/lib instead, in a folder per installation.
 */
function postgresFolder(folder: string, shared: string, id: string): string {
  if (process.getuid?.() !== 0) return join(folder, 'data', 'postgres');
  const file = join(folder, 'state', 'databases');
  const before = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  // Where they have been they stay.
  return before.startsWith(`${shared}/`) ? before : join(shared, id, 'postgres');
}

/** Folders with databases of installations that were begun from this checkout and are not this one: left behind when it was deleted. */
export async function leftBehind({ checkout, id, postgresFolder, shared }: Installation): Promise<readonly string[]> {
  if (!existsSync(shared)) return [];
  const left: string[] = [];
  for (const name of readdirSync(shared)) {
    const postgres = join(shared, name, 'postgres');
    if (postgres === postgresFolder || !existsSync(postgres)) continue;
    const owner = await dataOwner(postgres);
    const ours = owner ? owner.checkout === checkout && owner.id !== id : postgres === formerFolder(shared, checkout);
    if (ours) left.push(join(shared, name));
  }
  return left;
}

/** Opens this checkout's installation, making its folder where it is not there. */
export function openInstallation(checkoutFolder: string = here, shared: string = sharedFolder): Installation {
  const checkout = realpathSync(checkoutFolder);
  const folder = join(checkout, '.conclave');
  for (const path of [folder, join(folder, 'logs'), join(folder, 'state')]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
  }
  // It holds secrets: it stays out of git whatever the checkout's own ignore file says.
  writeFileSync(join(folder, '.gitignore'), '*\n', { mode: 0o600 });
  const id = idIn(folder);
  return {
    id,
    checkout,
    folder,
    logs: join(folder, 'logs'),
    stateFile: join(folder, 'state', 'run.json'),
    lockFile: join(folder, 'state', 'lock'),
    shared,
    postgresFolder: postgresFolder(folder, shared, id),
  };
}

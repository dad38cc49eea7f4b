import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that belongs to one checkout's installation. */
export interface Installation {
  readonly checkout: string;
  /** `.conclave`: secrets, data, logs, state. Only its owner may enter it. */
  readonly folder: string;
  readonly logs: string;
  readonly stateFile: string;
  readonly lockFile: string;
  readonly postgresFolder: string;
}

/** The checkout that this file belongs to; the same from `src` and from `dist`. */
const here = join(import.meta.dirname, '../../..');

/**
 * Where Postgres keeps its data. It refuses to be root, and its own user may not enter a folder of mode 0700 that
 * belongs to root; started by root, its data lies under /var/lib instead, in a folder per checkout.
 */
function postgresFolder(checkout: string, folder: string): string {
  if (process.getuid?.() !== 0) return join(folder, 'data', 'postgres');
  const id = createHash('sha256').update(checkout).digest('hex').slice(0, 16);
  return join('/var/lib/conclave', id, 'postgres');
}

/** Opens this checkout's installation, making its folder where it is not there. */
export function openInstallation(checkoutFolder: string = here): Installation {
  const checkout = realpathSync(checkoutFolder);
  const folder = join(checkout, '.conclave');
  for (const path of [folder, join(folder, 'logs'), join(folder, 'state')]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
  }
  // It holds secrets: it stays out of git whatever the checkout's own ignore file says.
  writeFileSync(join(folder, '.gitignore'), '*\n', { mode: 0o600 });
  return {
    checkout,
    folder,
    logs: join(folder, 'logs'),
    stateFile: join(folder, 'state', 'run.json'),
    lockFile: join(folder, 'state', 'lock'),
    postgresFolder: postgresFolder(checkout, folder),
  };
}

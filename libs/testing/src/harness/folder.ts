import { mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '@conclave/servers';

const roomy = 2 * 1024 ** 3;

/** The fastest place for data that dies with its test: memory where there is plenty, else the temporary folder. */
function place(): string {
  try {
    const shm = statfsSync('/dev/shm');
    return shm.bavail * shm.bsize > roomy ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}

let swept = false;

/** Removes the folders of processes that were killed before they could. Each folder's name tells whose it is. */
function sweep(parent: string): void {
  if (swept) return;
  swept = true;
  for (const name of readdirSync(parent)) {
    const owner = /^conclave-test-[a-z]+-(\d+)-/.exec(name)?.[1];
    if (!owner || isAlive(Number(owner))) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // Another user's, or another run sweeps it at this moment.
    }
  }
}

/** A fresh folder and how to remove it. */
export function temporaryFolder(purpose: string): { readonly path: string; remove(): void } {
  const parent = place();
  sweep(parent);
  const path = mkdtempSync(join(parent, `conclave-test-${purpose}-${process.pid}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

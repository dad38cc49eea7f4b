import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

/** A fresh folder and how to remove it. */
export function temporaryFolder(purpose: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(place(), `conclave-${purpose}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

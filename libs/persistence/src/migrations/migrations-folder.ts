import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder of migrations as seen from a file directly in `src` (or in `dist`, where the compiled ones lie beside it):
 * `migrationsFolder(import.meta.dirname)`, `migrationsFolder(import.meta.dirname, 'keys')`.
 */
export function migrationsFolder(directory: string, ...inside: string[]): string {
  const compiled = join(directory, 'migrations');
  return join(existsSync(compiled) ? compiled : join(directory, '..', 'migrations'), ...inside);
}

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Installation } from './installation.js';
import { readState, stillRuns } from './run-state.js';
import { notRunning } from './status.js';

/** The operator's own command; here it only learns where the databases of this installation are. */
const command = join(import.meta.dirname, '../../tasks/dist/audit-check.js');

/** What the command reads: each service's database under its own role, passwords as the files that the services read. */
export function auditEnvironment(installation: Installation, postgresPort: number): Record<string, string> {
  return Object.fromEntries(
    ['auth', 'rooms', 'files'].flatMap((service) => [
      [`${service.toUpperCase()}_DATABASE_URL`, `postgres://${service}@127.0.0.1:${postgresPort}/${service}`],
      [`${service.toUpperCase()}_DATABASE_PASSWORD_FILE`, join(installation.folder, 'secrets/postgres', service)],
    ]),
  );
}

/** Looks at the audit trail of what runs from this checkout. The exit code is the command's: 0 whole, 1 not; 3 when nothing runs. */
export async function auditCheck(installation: Installation, print: (line: string) => void): Promise<number> {
  const state = readState(installation.stateFile);
  const postgres = state?.processes.find(({ name }) => name === 'postgres');
  if (!state || !stillRuns(state.supervisor) || !postgres?.port) {
    print('Conclave does not run from this checkout, and its databases neither. Start it: npm start');
    return notRunning;
  }
  const env = { ...process.env, ...auditEnvironment(installation, postgres.port) };
  const child = spawn(process.execPath, [command], { env, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

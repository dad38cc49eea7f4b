import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { ProductPorts } from '@conclave/servers';
import { serviceEnvironment } from '@conclave/servers';

const checkout = resolve(import.meta.dirname, '../..');

/** What a command did. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** An installation as an operator's commands see it: its ports and the folder of its secrets. */
export interface Installation {
  readonly folder: string;
  readonly ports: ProductPorts;
}

/** The environment of one service of an installation, as its own commands need it. */
export const environmentOf = (
  service: 'auth' | 'rooms' | 'files',
  { folder, ports }: Installation,
): Record<string, string> =>
  serviceEnvironment(service, {
    // A command listens nowhere; where there are several of a service, none has the service's own name.
    ports: { ...ports, [service]: 0 },
    secretFile: (name) => join(folder, 'secrets', name),
    publicUrl: 'http://localhost',
    publicHost: '127.0.0.1',
    publicPort: 1,
    webRoot: checkout,
  });

/** Databases and bucket of an installation, as backup and restore want them. */
export function tasksEnvironment(installation: Installation): Record<string, string> {
  const env: Record<string, string> = {};
  for (const service of ['auth', 'rooms', 'files'] as const) {
    const own = environmentOf(service, installation);
    const prefix = service.toUpperCase();
    for (const [from, to] of [
      ['DATABASE_', `${prefix}_DATABASE_`],
      ['KEYS_DATABASE_', `${prefix}_KEYS_DATABASE_`],
    ] as const) {
      for (const key of ['URL', 'PASSWORD_FILE']) {
        const value = own[from + key];
        if (value) env[to + key] = value;
      }
    }
    if (service === 'files')
      for (const [key, value] of Object.entries(own)) if (key.startsWith('S3_')) env[key] = value;
  }
  return env;
}

/** Runs a compiled command of a workspace to its end; one that hangs is ended. */
export function run(
  workspace: string,
  command: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join('dist', `${command}.js`), ...args],
      { cwd: join(checkout, workspace), env: { PATH: process.env['PATH'], ...env }, timeout: 60_000 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, output: stdout + stderr }),
    );
  });
}

import { chmod, chown, mkdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { ServerBinary } from '../find/find-server.js';
import { isAlive } from '../process/alive.js';
import { containerArguments, containerEnvironment, containerName } from '../process/container.js';
import { launch } from '../launch/launch.js';
import type { ManagedProcess } from '../process/managed-process.js';
import { ProcessFailed } from '../process/process-failed.js';
import { runOrThrow } from '../process/run.js';
import { postgresAccount, type PostgresAccount } from './account.js';

/** Name of the superuser that only the supervisor knows. */
export const superuser = 'conclave_admin';

/** What a cluster needs to start. */
export interface PostgresOptions {
  readonly binary: ServerBinary;
  /** Its data; made when it is not there. As root it must lie where another user may reach it. */
  readonly dataFolder: string;
  readonly port: number;
  readonly superuserPassword: string;
  /** Only tests may say false: their data dies with them. */
  readonly durable?: boolean;
  /** Ends the wait for it, and with it the server. */
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** A running cluster. */
export interface RunningPostgres {
  readonly process: ManagedProcess;
  readonly port: number;
  readonly superuserPassword: string;
}

/** The major version that wrote this data, or null where there is none. */
export async function dataMajor(dataFolder: string): Promise<number | null> {
  const text = await readFile(join(dataFolder, 'PG_VERSION'), 'utf8').catch(() => '');
  return text ? Number.parseInt(text, 10) : null;
}

async function initialise(options: PostgresOptions, account: PostgresAccount | null): Promise<void> {
  const { dataFolder, binary } = options;
  // A folder that initdb did not finish has no PG_VERSION or is not ours to reuse: it never held anything.
  await rm(dataFolder, { recursive: true, force: true });
  // The user that Postgres runs as must reach its data, and nobody else may see what is in it.
  await mkdir(dirname(dataFolder), { recursive: true, ...(account ? { mode: 0o755 } : {}) });
  await mkdir(dataFolder, { mode: 0o700 });
  await chmod(dataFolder, 0o700);
  const passwordFile = join(dataFolder, '..', `.initdb-${process.pid}-${options.port}`);
  await writeFile(passwordFile, `${options.superuserPassword}\n`, { mode: 0o600 });
  if (account) for (const path of [dataFolder, passwordFile]) await chown(path, account.uid, account.gid);
  try {
    const args = [
      ...['-D', dataFolder, '-U', superuser, `--pwfile=${passwordFile}`],
      ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--data-checksums'],
      ...(options.durable === false ? ['--no-sync'] : []),
    ];
    if (binary.source === 'engine') await initialiseInContainer(options, args, passwordFile, account);
    else {
      const env = { PATH: process.env['PATH'], LC_ALL: 'C' };
      await runOrThrow(join(dirname(binary.path), 'initdb'), args, { ...(account ?? {}), cwd: dataFolder, env });
    }
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function initialiseInContainer(
  { binary, dataFolder }: PostgresOptions,
  args: readonly string[],
  passwordFile: string,
  account: PostgresAccount | null,
): Promise<void> {
  const user = account ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  // initdb insists on a name for its user, and the image does not know ours.
  const names = `${passwordFile}-names`;
  await writeFile(names, `conclave:x:${user.uid}:${user.gid}::/:/sbin/nologin\n`, { mode: 0o644 });
  try {
    const container = containerArguments(`${containerName('initdb', dataFolder)}-${process.pid}`, {
      image: binary.path,
      program: 'initdb',
      args,
      user,
      env: { LC_ALL: 'C' },
      mounts: [dataFolder],
      overlays: { [passwordFile]: passwordFile, '/etc/passwd': names },
    });
    await runOrThrow('docker', container, { env: containerEnvironment({ LC_ALL: 'C' }) });
  } finally {
    await rm(names, { force: true });
  }
}

/**
 * Deals with the postmaster.pid of a cluster whose supervisor was killed: a postmaster that still runs on this data is
 * stopped; a file whose process id belongs to somebody else by now is removed, since Postgres would refuse to start.
 */
async function recover(dataFolder: string): Promise<void> {
  const file = join(dataFolder, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (!pid) return;
  const end = Date.now() + 20_000;
  while (isAlive(pid) && (await worksOn(pid, dataFolder))) {
    process.kill(pid, Date.now() < end ? 'SIGINT' : 'SIGQUIT');
    await sleep(250);
  }
  await rm(file, { force: true });
}

/** Whether that process is the postmaster of this data folder: a postmaster works in its data folder. */
async function worksOn(pid: number, dataFolder: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === dataFolder;
}

/** Where a cluster answers and how its superuser proves itself; on loopback where no host is named. */
export interface Cluster {
  readonly host?: string;
  readonly port: number;
  /** `superuser` where nobody is named. */
  readonly user?: string;
  readonly superuserPassword: string;
  /** TLS with a certificate that the system's authorities vouch for; none where nothing is said. */
  readonly tls?: boolean;
}

/** A client that speaks as the superuser. */
export function adminClient(running: Cluster, database = 'postgres'): pg.Client {
  const client = new pg.Client({
    host: running.host ?? '127.0.0.1',
    port: running.port,
    user: running.user ?? superuser,
    password: running.superuserPassword,
    ...(running.tls ? { ssl: true } : {}),
    database,
    connectionTimeoutMillis: 2_000,
  });
  // A client that loses its server while idle says so here; whoever waits for a query hears it there.
  client.on('error', () => {});
  return client;
}

async function answers(running: Cluster): Promise<boolean> {
  const client = adminClient(running);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    // It answers, and will not answer otherwise however long one waits.
    if ((error as { code?: unknown }).code === '28P01')
      throw new ProcessFailed('postgres', 'refuses its superuser', 'password authentication failed');
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Starts a cluster on loopback, making it first where there is none: data checksums on, fsync on, passwords by SCRAM, no socket in a folder. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataFolder, port, superuserPassword } = options;
  const account = await postgresAccount();
  if ((await dataMajor(dataFolder)) === null) await initialise(options, account);
  await recover(dataFolder);
  const settings = {
    listen_addresses: '127.0.0.1',
    port: `${port}`,
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    max_connections: '200',
    // One busy service must not hold a lock of the whole product for long.
    idle_in_transaction_session_timeout: '60s',
    // The details of an error quote data.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
    fsync: options.durable === false ? 'off' : 'on',
    ...(options.durable === false ? { synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  const child = await launch({
    name: 'postgres',
    binary: options.binary,
    folder: dataFolder,
    program: 'postgres',
    args: ['-D', dataFolder, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    cwd: dataFolder,
    env: { LC_ALL: 'C' },
    user: account,
    // "Fast": open sessions are ended, everything is written, nothing needs recovery.
    stopSignal: 'SIGINT',
    ...(options.onLine ? { onLine: options.onLine } : {}),
  });
  try {
    await child.ready(() => answers({ port, superuserPassword }), 60_000, options.signal);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { process: child, port, superuserPassword };
}

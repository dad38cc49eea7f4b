import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createUser } from '@nats-io/nkeys';
import type { ServerBinary } from '../find/find-server.js';
import { greeting } from '../process/probes.js';
import { launch } from '../launch/launch.js';
import type { ManagedProcess } from '../process/managed-process.js';
import { busUsers, type BusUser, type Permissions } from './allow-list.js';
import { natsConfig } from './config.js';

/** A user's key pair: the seed stays with the service, the public key goes to the server. */
export interface NatsUser {
  readonly seed: string;
  readonly publicKey: string;
}

/** New keys for every service. */
export function createNatsUsers(): Record<BusUser, NatsUser> {
  const one = (): NatsUser => {
    const pair = createUser();
    return { seed: new TextDecoder().decode(pair.getSeed()), publicKey: pair.getPublicKey() };
  };
  return Object.fromEntries(busUsers.map((user) => [user, one()])) as Record<BusUser, NatsUser>;
}

/** What a NATS server needs to start. */
export interface NatsOptions {
  readonly binary: ServerBinary;
  /** Where its configuration is written. */
  readonly folder: string;
  readonly port: number;
  readonly monitorPort?: number;
  readonly publicKeys: Readonly<Record<BusUser, string>>;
  readonly permissions: Readonly<Record<BusUser, Permissions>>;
  /** Ends the wait for it, and with it the server. */
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** A running bus. */
export interface RunningNats {
  readonly process: ManagedProcess;
  readonly url: string;
}

/** Starts a NATS server on loopback that knows each service and what it may say. It keeps nothing: the truth is in the databases. */
export async function startNats(options: NatsOptions): Promise<RunningNats> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const file = join(options.folder, 'nats.json');
  await writeFile(file, natsConfig(options), { mode: 0o600 });
  const child = await launch({
    name: 'nats-server',
    binary: options.binary,
    folder: options.folder,
    args: ['-c', file],
    ...(options.onLine ? { onLine: options.onLine } : {}),
  });
  try {
    await child.ready(async () => (await greeting(options.port)).startsWith('INFO '), 20_000, options.signal);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { process: child, url: `nats://127.0.0.1:${options.port}` };
}

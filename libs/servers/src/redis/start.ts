import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { ServerBinary } from '../find/find-server.js';
import { launch } from '../launch/launch.js';
import type { ManagedProcess } from '../process/managed-process.js';
import { redisConfig } from './config.js';

/** What Redis needs to start. */
export interface RedisOptions {
  readonly binary: ServerBinary;
  /** Where its configuration is written. */
  readonly folder: string;
  readonly port: number;
  readonly password: string;
  /** Ends the wait for it, and with it the server. */
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** A running Redis. */
export interface RunningRedis {
  readonly process: ManagedProcess;
  /** `host:port`, as LiveKit wants it. */
  readonly address: string;
}

/** A command as every server of this protocol reads it; short forms are not for all. */
const command = (...words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

/** Whether the server takes the password and answers. */
export function redisAnswers(port: number, password: string, timeoutMs = 1_000): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let said = '';
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.on('data', (data) => {
      said += data.toString();
      if (said.split('\r\n').length <= 2) return;
      socket.destroy();
      resolve(said === '+OK\r\n+PONG\r\n');
    });
    socket.write(command('AUTH', password) + command('PING'));
  });
}

/** Starts Redis on loopback, closed to everybody without the password. Only the nodes of LiveKit use it. */
export async function startRedis(options: RedisOptions): Promise<RunningRedis> {
  const { binary, folder, port, password, signal, onLine } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'redis.conf');
  await writeFile(file, redisConfig({ port, password, folder }), { mode: 0o600 });
  const child = await launch({
    name: 'redis',
    binary,
    folder,
    args: [file],
    ...(onLine ? { onLine } : {}),
  });
  try {
    await child.ready(() => redisAnswers(port, password), 20_000, signal);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { process: child, address: `127.0.0.1:${port}` };
}

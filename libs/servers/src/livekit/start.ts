import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerBinary } from '../find/find-server.js';
import { httpOk } from '../process/probes.js';
import { launch } from '../launch/launch.js';
import type { ManagedProcess } from '../process/managed-process.js';
import { liveKitConfig, type LiveKitKey } from './config.js';

/** What LiveKit needs to start. */
export interface LiveKitOptions {
  readonly binary: ServerBinary;
  /** Where its configuration and its key file are written. */
  readonly folder: string;
  readonly port: number;
  readonly tcpPort: number;
  readonly udpPort: number;
  /** Where it tells its figures; on loopback, as its signalling. */
  readonly metricsPort?: number;
  readonly nodeIp?: string;
  /** The key that rooms signs grants and calls with. */
  readonly api: LiveKitKey;
  /** The key that only webhooks are signed with. */
  readonly webhook: LiveKitKey;
  readonly webhookUrl?: string;
  /** Only where there are several nodes. */
  readonly redis?: { readonly address: string; readonly password: string };
  /** Ends the wait for it, and with it the server. */
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** A running media server. */
export interface RunningLiveKit {
  readonly process: ManagedProcess;
  readonly url: string;
}

/** Starts LiveKit with its signalling on loopback and its media on one UDP and one TCP port of one address. */
export async function startLiveKit(options: LiveKitOptions): Promise<RunningLiveKit> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const keyFile = join(options.folder, 'keys.yaml');
  const keys = { [options.api.key]: options.api.secret, [options.webhook.key]: options.webhook.secret };
  await writeFile(keyFile, JSON.stringify(keys), { mode: 0o600 });
  // LiveKit refuses a key file that others may read, also one that was there before.
  await chmod(keyFile, 0o600);
  const file = join(options.folder, 'livekit.yaml');
  const config = liveKitConfig({
    port: options.port,
    tcpPort: options.tcpPort,
    udpPort: options.udpPort,
    nodeIp: options.nodeIp ?? '127.0.0.1',
    keyFile,
    ...(options.metricsPort ? { metricsPort: options.metricsPort } : {}),
    ...(options.redis ? { redisAddress: options.redis.address } : {}),
    ...(options.webhookUrl ? { webhook: { key: options.webhook.key, url: options.webhookUrl } } : {}),
  });
  await writeFile(file, config, { mode: 0o600 });
  const url = `http://127.0.0.1:${options.port}`;
  const child = await launch({
    name: 'livekit-server',
    binary: options.binary,
    folder: options.folder,
    args: ['--config', file],
    ...(options.redis ? { env: { REDIS_PASSWORD: options.redis.password } } : {}),
    // The first signal waits until everybody has left; the second does not.
    repeatStopAfterMs: 500,
    ...(options.onLine ? { onLine: options.onLine } : {}),
  });
  try {
    await child.ready(() => httpOk(url), 30_000, options.signal);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { process: child, url };
}

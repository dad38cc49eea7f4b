import { mkdir } from 'node:fs/promises';
import type { ServerBinary } from '../find/find-server.js';
import { accepts, httpOk } from '../process/probes.js';
import { launch } from '../launch/launch.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { MinioRoot } from './provision.js';
import type { S3Credentials } from './sigv4.js';

/** What MinIO needs to start. */
export interface MinioOptions {
  readonly binary: ServerBinary;
  readonly dataFolder: string;
  readonly port: number;
  readonly root: S3Credentials;
  /** Buckets are found under `<bucket>.<domain>` as well. */
  readonly domain?: string;
  /** Folder with `public.crt` and `private.key`: then it speaks TLS, under the name localhost. */
  readonly certificates?: string;
  /** Ends the wait for it, and with it the server. */
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** A running object store. */
export interface RunningMinio extends MinioRoot {
  readonly process: ManagedProcess;
}

/** Starts MinIO on loopback, without its console, without a call home. */
export async function startMinio(options: MinioOptions): Promise<RunningMinio> {
  await mkdir(options.dataFolder, { recursive: true, mode: 0o700 });
  const { certificates, domain } = options;
  const endpoint = certificates ? `https://localhost:${options.port}` : `http://127.0.0.1:${options.port}`;
  const child = await launch({
    name: 'minio',
    binary: options.binary,
    folder: options.dataFolder,
    args: [
      'server',
      '--address',
      `127.0.0.1:${options.port}`,
      ...(certificates ? ['--certs-dir', certificates] : []),
      options.dataFolder,
    ],
    env: {
      MINIO_ROOT_USER: options.root.accessKey,
      MINIO_ROOT_PASSWORD: options.root.secretKey,
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
      MINIO_CALLHOME_ENABLE: 'off',
      // One disk, no scanner needed to heal it; it would only compete for the same two cores.
      MINIO_SCANNER_SPEED: 'slowest',
      ...(domain && { MINIO_DOMAIN: domain }),
    },
    ...(options.onLine ? { onLine: options.onLine } : {}),
  });
  try {
    // `ready` answers 200 before the server can make a bucket; `cluster` waits for objects, buckets and users.
    // Its certificate is believed by whoever was given it; here it is enough that it listens.
    const up = () => (certificates ? accepts(options.port) : httpOk(`${endpoint}/minio/health/cluster`));
    await child.ready(up, 60_000, options.signal);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { process: child, endpoint, root: options.root };
}

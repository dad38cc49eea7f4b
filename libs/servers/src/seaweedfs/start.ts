import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerBinary } from '../find/find-server.js';
import { launch } from '../launch/launch.js';
import type { MinioRoot } from '../minio/provision.js';
import type { S3Credentials } from '../minio/sigv4.js';
import type { ManagedProcess } from '../process/managed-process.js';
import { freePort } from '../process/ports.js';
import { httpOk } from '../process/probes.js';

/** What SeaweedFS needs to start. */
export interface SeaweedOptions {
  readonly binary: ServerBinary;
  readonly folder: string;
  /** Of its S3 door; the ports of its other parts are taken as they are free. */
  readonly port: number;
  readonly root: S3Credentials;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** A running SeaweedFS, as S3 sees it. */
export interface RunningSeaweed extends MinioRoot {
  readonly process: ManagedProcess;
}

/** Starts master, volumes, filer and S3 in one process on loopback, without a call home. For tests of the storage suite. */
export async function startSeaweed(options: SeaweedOptions): Promise<RunningSeaweed> {
  const { binary, folder, port, root } = options;
  const data = join(folder, 'data');
  await mkdir(data, { recursive: true, mode: 0o700 });
  const identities = [{ name: 'root', credentials: [root], actions: ['Admin', 'Read', 'Write', 'List', 'Tagging'] }];
  const config = join(folder, 's3.json');
  await writeFile(config, JSON.stringify({ identities }), { mode: 0o600 });
  const parts = ['master.port', 'master.port.grpc', 'volume.port', 'volume.port.grpc', 'filer.port', 'filer.port.grpc'];
  const ports = await Promise.all([...parts, 's3.port.grpc'].map(async (name) => `-${name}=${await freePort()}`));
  const child = await launch({
    name: 'seaweedfs',
    binary,
    folder,
    args: [
      '-logtostderr=true',
      'server',
      `-dir=${data}`,
      ...['-ip=127.0.0.1', '-ip.bind=127.0.0.1', '-filer', '-s3', `-s3.port=${port}`, ...ports],
      ...['-master.telemetry=false', '-master.electionTimeout=1s', '-master.volumeSizeLimitMB=64', '-volume.max=400'],
      ...[`-s3.config=${config}`, '-s3.iam.readOnly=false', '-s3.domainName=localhost'],
      ...['-s3.port.iceberg=0', '-s3.port.lance=0'],
    ],
    ...(options.onLine ? { onLine: options.onLine } : {}),
  });
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await child.ready(() => httpOk(`${endpoint}/healthz`), 60_000, options.signal);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { process: child, endpoint, root };
}

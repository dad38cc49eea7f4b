import { join } from 'node:path';
import { startLiveKit } from '../livekit/start.js';
import { startMinio } from '../minio/start.js';
import { allowLists } from '../nats/allow-list.js';
import { startNats } from '../nats/start.js';
import { startPostgres } from '../postgres/start.js';
import { containerName } from '../process/container.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { SharedPort } from '../process/shared-port.js';
import { startRedis } from '../redis/start.js';
import type { Binaries } from './binaries.js';
import { webhookPath } from './environment.js';
import type { ProductOptions } from './options.js';
import { mediaPorts, type ProductPorts } from './ports.js';
import { replicaNames } from './scale.js';
import type { SealingModule } from '../find/sealing-module.js';
import type { Secrets } from './secrets.js';
import type { ProductService } from './services.js';

/** One server of a run and how it is started, the first time and again. */
export interface ServerStart {
  readonly name: string;
  /** The container that it would be in, where no process was found. */
  readonly container: string | null;
  readonly start: (signal: AbortSignal) => Promise<ManagedProcess>;
}

/** What every start needs. */
export interface StartFacts {
  readonly options: ProductOptions;
  readonly ports: ProductPorts;
  readonly secrets: Secrets;
  readonly mediaNodes: number;
  readonly sealing: SealingModule;
  /** The socket that replicas of a service share, where it has one and there are several. */
  readonly sockets: Partial<Record<ProductService, SharedPort>>;
}

/** A port that was chosen for a process. */
export function portOf(ports: ProductPorts, name: string): number {
  const port = ports[name];
  if (port === undefined) throw new Error(`no port was chosen for ${name}`);
  return port;
}

/** Every server of a run, in no order: none needs another to start, but LiveKit's nodes need Redis. */
export function serverStarts(binaries: Binaries, facts: StartFacts): { first: ServerStart[]; media: ServerStart[] } {
  const { options, ports, secrets } = facts;
  const { folder, postgresFolder, contracts, durable } = options;
  const run = (name: string): string => join(folder, 'run', name);
  const lines = linesTo(options);
  const container = (binary: Binaries['nats'], at: string): string | null =>
    binary.source === 'engine' ? containerName(binary.name, at) : null;
  const minioFolder = join(folder, 'data', 'minio');
  const first: ServerStart[] = [
    {
      name: 'postgres',
      container: container(binaries.postgres, postgresFolder),
      start: async (signal) => {
        const started = await startPostgres({
          binary: binaries.postgres,
          dataFolder: postgresFolder,
          port: ports.postgres,
          superuserPassword: secrets.superuserPassword,
          ...(durable === undefined ? {} : { durable }),
          signal,
          ...lines('postgres'),
        });
        return started.process;
      },
    },
    {
      name: 'nats',
      container: container(binaries.nats, run('nats')),
      start: async (signal) => {
        const started = await startNats({
          binary: binaries.nats,
          folder: run('nats'),
          port: ports.nats,
          monitorPort: ports.natsMonitor,
          publicKeys: secrets.natsPublicKeys,
          permissions: allowLists(contracts.calls, contracts.broadcasts),
          signal,
          ...lines('nats'),
        });
        return started.process;
      },
    },
    {
      name: 'minio',
      container: container(binaries.minio, minioFolder),
      start: async (signal) => {
        const started = await startMinio({
          binary: binaries.minio,
          dataFolder: minioFolder,
          port: ports.minio,
          root: secrets.minioRoot,
          signal,
          ...lines('minio'),
        });
        return started.process;
      },
    },
  ];
  const { redis } = binaries;
  if (redis)
    first.push({
      name: 'redis',
      container: container(redis, run('redis')),
      start: async (signal) => {
        const started = await startRedis({
          binary: redis,
          folder: run('redis'),
          port: portOf(ports, 'redis'),
          password: secrets.redisPassword,
          signal,
          ...lines('redis'),
        });
        return started.process;
      },
    });
  const media = replicaNames('livekit', facts.mediaNodes).map((node): ServerStart => ({
    name: node,
    container: container(binaries.livekit, run(node)),
    start: async (signal) => {
      const { api, tcp, udp, metrics } = mediaPorts(node);
      const started = await startLiveKit({
        binary: binaries.livekit,
        folder: run(node),
        port: portOf(ports, api),
        tcpPort: portOf(ports, tcp),
        udpPort: portOf(ports, udp),
        metricsPort: portOf(ports, metrics),
        api: secrets.livekitApi,
        webhook: secrets.livekitWebhook,
        webhookUrl: `http://127.0.0.1:${ports.webhook}${webhookPath}`,
        ...(redis
          ? { redis: { address: `127.0.0.1:${portOf(ports, 'redis')}`, password: secrets.redisPassword } }
          : {}),
        ...(options.nodeIp ? { nodeIp: options.nodeIp } : {}),
        signal,
        ...lines(node),
      });
      return started.process;
    },
  }));
  return { first, media };
}

/** Hands the lines of a process to whoever listens. */
export const linesTo =
  ({ onLine }: ProductOptions) =>
  (name: string): { onLine?: (line: string) => void } =>
    onLine ? { onLine: (line) => onLine(name, line) } : {};

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findServer, type ServerBinary } from '../find/find-server.js';
import { startLiveKit } from '../livekit/start.js';
import { ensureBucket, ensureBucketUser } from '../minio/provision.js';
import { startMinio } from '../minio/start.js';
import { allowLists, type BroadcastRow, type CallRow } from '../nats/allow-list.js';
import { startNats } from '../nats/start.js';
import { provisionDatabase, provisionRoles } from '../postgres/provision.js';
import { dataMajor, startPostgres } from '../postgres/start.js';
import { containerName } from '../process/container.js';
import { rememberContainers, removeLeftContainers } from '../process/left-containers.js';
import { ManagedProcess, baseEnvironment, stopEverything } from '../process/managed-process.js';
import { httpOk } from '../process/probes.js';
import { Supervised } from '../process/supervised.js';
import { filesBucket, serviceEnvironment, webhookPath, type EnvironmentFacts } from './environment.js';
import { rememberDatabases, requireDatabases } from './databases.js';
import { choosePorts, type ProductPorts } from './ports.js';
import { ensureSecrets, type Secrets } from './secrets.js';
import { productServices, type ProductService } from './services.js';

/** What the whole product needs to start. */
export interface ProductOptions {
  /** The installation: secrets, data and state lie in it. */
  readonly folder: string;
  /** Data of Postgres, where another user may have to reach it. */
  readonly postgresFolder: string;
  /** The checkout, whose services are compiled. */
  readonly checkout: string;
  readonly publicUrl: string;
  readonly publicHost: string;
  readonly publicPort: number;
  /** Who may call whom, from the contracts. */
  readonly contracts: { readonly calls: readonly CallRow[]; readonly broadcasts: readonly BroadcastRow[] };
  /** The address that media goes to; loopback where nothing is said. */
  readonly nodeIp?: string;
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  readonly webRoot?: string;
  readonly logLevel?: string;
  /** Only tests may say false: their data dies with them. */
  readonly durable?: boolean;
  /** Additions to the environment of a service; for specs. */
  readonly environment?: Partial<Record<ProductService, Readonly<Record<string, string>>>>;
  /** Hears what is being done now. */
  readonly onStep?: (step: string) => void;
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal;
  /** Hears how far a build of a server is. */
  readonly onProgress?: (line: string) => void;
  /** Hears restarts and refusals of servers. */
  readonly onNotice?: (line: string) => void;
  /** Hears every line of every process. */
  readonly onLine?: (name: string, line: string) => void;
  /** Hears that a process began or ended. */
  readonly onChange?: (processes: readonly Supervised[]) => void;
}

/** The running product. */
export interface RunningProduct {
  readonly url: string;
  readonly ports: ProductPorts;
  readonly secrets: Secrets;
  /** In the order of their start. */
  readonly processes: readonly Supervised[];
  service(name: ProductService): Supervised;
  /** Whether that service says that it is ready. */
  isReady(name: ProductService): Promise<boolean>;
  /** Drains and ends everything: services first, then what they stand on. */
  stop(): Promise<void>;
}

type Binaries = Readonly<Record<'postgres' | 'nats' | 'minio' | 'livekit', ServerBinary>>;

async function findAll(options: ProductOptions): Promise<Binaries> {
  const { onNotice, onProgress, signal } = options;
  const find = {
    ...(onNotice ? { say: onNotice } : {}),
    ...(onProgress ? { progress: onProgress } : {}),
    ...(signal ? { signal } : {}),
  };
  const major = await dataMajor(options.postgresFolder);
  // One after another: each may have to be compiled, which takes every core.
  const postgres = await findServer('postgres', { ...find, ...(major ? { postgresMajor: major } : {}) });
  const nats = await findServer('nats-server', find);
  const livekit = await findServer('livekit-server', find);
  const minio = await findServer('minio', find);
  return { postgres, nats, livekit, minio };
}

/** One run of the product. */
class Product implements RunningProduct {
  readonly url: string;
  readonly ports: ProductPorts;
  readonly secrets: Secrets;
  readonly processes: Supervised[] = [];
  #options: ProductOptions;
  #stopping: Promise<void> | null = null;

  constructor(options: ProductOptions, ports: ProductPorts, secrets: Secrets) {
    this.#options = options;
    this.url = options.publicUrl;
    this.ports = ports;
    this.secrets = secrets;
  }

  #supervise(name: string, start: (signal: AbortSignal) => Promise<ManagedProcess>): Supervised {
    const changed = (): void => this.#options.onChange?.(this.processes);
    const supervised = new Supervised(name, start, this.#options.onNotice, changed);
    this.processes.push(supervised);
    return supervised;
  }

  #lines(name: string): { onLine?: (line: string) => void } {
    const { onLine } = this.#options;
    return onLine ? { onLine: (line) => onLine(name, line) } : {};
  }

  /** Starts the four servers together. */
  async startServers(binaries: Binaries): Promise<void> {
    const { folder, postgresFolder, contracts, durable, nodeIp } = this.#options;
    const { ports, secrets } = this;
    const run = (name: string): string => join(folder, 'run', name);
    const minioFolder = join(folder, 'data', 'minio');
    const folders = { postgres: postgresFolder, nats: run('nats'), minio: minioFolder, livekit: run('livekit') };
    const containers = Object.entries(binaries).flatMap(([key, { source, name }]) =>
      source === 'engine' ? containerName(name, folders[key as keyof Binaries]) : [],
    );
    await rememberContainers(folder, containers);
    const servers = [
      this.#supervise('postgres', async (signal) => {
        const started = await startPostgres({
          binary: binaries.postgres,
          dataFolder: postgresFolder,
          port: ports.postgres,
          superuserPassword: secrets.superuserPassword,
          ...(durable === undefined ? {} : { durable }),
          signal,
          ...this.#lines('postgres'),
        });
        return started.process;
      }),
      this.#supervise('nats', async (signal) => {
        const started = await startNats({
          binary: binaries.nats,
          folder: folders.nats,
          port: ports.nats,
          publicKeys: secrets.natsPublicKeys,
          permissions: allowLists(contracts.calls, contracts.broadcasts),
          signal,
          ...this.#lines('nats'),
        });
        return started.process;
      }),
      this.#supervise('minio', async (signal) => {
        const started = await startMinio({
          binary: binaries.minio,
          dataFolder: folders.minio,
          port: ports.minio,
          root: secrets.minioRoot,
          signal,
          ...this.#lines('minio'),
        });
        return started.process;
      }),
      this.#supervise('livekit', async (signal) => {
        const started = await startLiveKit({
          binary: binaries.livekit,
          folder: folders.livekit,
          port: ports.livekit,
          tcpPort: ports.livekitTcp,
          udpPort: ports.livekitUdp,
          api: secrets.livekitApi,
          webhook: secrets.livekitWebhook,
          webhookUrl: `http://127.0.0.1:${ports.webhook}${webhookPath}`,
          ...(nodeIp ? { nodeIp } : {}),
          signal,
          ...this.#lines('livekit'),
        });
        return started.process;
      }),
    ];
    await allOf(servers.map((server) => server.start()));
  }

  /** Makes databases, roles, bucket and user, or puts those that are there in order. */
  async provision(): Promise<void> {
    const { ports, secrets } = this;
    const cluster = { port: ports.postgres, superuserPassword: secrets.superuserPassword };
    const store = { endpoint: `http://127.0.0.1:${ports.minio}`, root: secrets.minioRoot };
    await allOf([
      (async () => {
        await provisionRoles(cluster, secrets.databasePasswords);
        for (const owner of ['auth', 'rooms', 'files'] as const) await provisionDatabase(cluster, owner);
      })(),
      (async () => {
        await ensureBucket(store, filesBucket);
        await ensureBucketUser(store, filesBucket, secrets.minioFiles);
      })(),
    ]);
  }

  /** Starts the four services, which migrate their own databases, and waits until each says that it is ready. */
  async startServices(): Promise<void> {
    const { checkout, tls, logLevel } = this.#options;
    const facts: EnvironmentFacts = {
      ports: this.ports,
      secretFile: (name) => this.secrets.file(name),
      publicUrl: this.#options.publicUrl,
      publicHost: this.#options.publicHost,
      publicPort: this.#options.publicPort,
      webRoot: this.#options.webRoot ?? join(checkout, 'web', 'dist', 'browser'),
      ...(tls ? { tls } : {}),
      ...(logLevel ? { logLevel } : {}),
    };
    const services = productServices.map((name) =>
      this.#supervise(name, async (signal) => {
        const child = new ManagedProcess({
          name,
          command: process.execPath,
          args: ['--enable-source-maps', join(checkout, 'services', name, 'dist', 'main.js')],
          env: {
            ...baseEnvironment(),
            ...serviceEnvironment(name, facts),
            ...this.#options.environment?.[name],
          },
          cwd: join(checkout, 'services', name),
          group: 'service',
          killAfterMs: 20_000,
          repeatStopAfterMs: 15_000,
          ...this.#lines(name),
        });
        try {
          await child.ready(() => this.isReady(name), 60_000, signal);
        } catch (error) {
          await child.stop();
          throw error;
        }
        return child;
      }),
    );
    await allOf(services.map((service) => service.start()));
  }

  service(name: ProductService): Supervised {
    const found = this.processes.find((process) => process.name === name);
    if (!found) throw new Error(`${name} was not started`);
    return found;
  }

  isReady(name: ProductService): Promise<boolean> {
    return httpOk(`http://127.0.0.1:${this.ports[name]}/readyz`).catch(() => false);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const stop = async (...names: string[]): Promise<void> => {
      await Promise.all(this.processes.filter(({ name }) => names.includes(name)).map((process) => process.stop()));
    };
    // Whoever asks goes before whoever answers, so that nothing in flight is cut.
    await stop('gateway');
    await stop('rooms', 'files');
    await stop('auth');
    await stop('livekit', 'nats', 'minio');
    await stop('postgres');
    await removeLeftContainers(this.#options.folder);
  }
}

/** Waits for all and then reports the first failure, so that nothing goes on behind one's back. */
async function allOf(tasks: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(tasks)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Starts the whole product: servers, provisioning, services. Ends everything that it had started when something fails. */
export async function startProduct(options: ProductOptions): Promise<RunningProduct> {
  const step = options.onStep ?? (() => {});
  await mkdir(join(options.folder, 'state'), { recursive: true, mode: 0o700 });
  await mkdir(join(options.folder, 'data'), { recursive: true, mode: 0o700 });
  step('secrets and ports');
  const secrets = await ensureSecrets(join(options.folder, 'secrets'));
  const ports = await choosePorts(join(options.folder, 'state', 'ports.json'));
  await requireDatabases(options.folder, options.postgresFolder);
  step('servers: find');
  const binaries = await findAll(options);
  options.signal?.throwIfAborted();
  const product = new Product(options, ports, secrets);
  const interrupt = (): void => void stopEverything();
  options.signal?.addEventListener('abort', interrupt);
  try {
    step('servers: start');
    await product.startServers(binaries);
    options.signal?.throwIfAborted();
    step('databases and bucket');
    await product.provision();
    await rememberDatabases(options.folder, options.postgresFolder);
    options.signal?.throwIfAborted();
    step('services: migrate and start');
    await product.startServices();
    options.signal?.throwIfAborted();
  } catch (error) {
    await product.stop();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', interrupt);
  }
  return product;
}

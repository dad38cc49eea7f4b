import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBucket, ensureBucketUser } from '../minio/provision.js';
import { provisionDatabase, provisionRoles } from '../postgres/provision.js';
import { dataMajor } from '../postgres/start.js';
import { Balancer } from '../process/balancer.js';
import { rememberContainers, removeLeftContainers } from '../process/left-containers.js';
import { stopEverything, type ManagedProcess } from '../process/managed-process.js';
import { httpOk } from '../process/probes.js';
import { SharedPort } from '../process/shared-port.js';
import { Supervised } from '../process/supervised.js';
import { findAll, type Binaries } from './binaries.js';
import { rememberDatabases, requireDatabases } from './databases.js';
import { filesBucket } from './environment.js';
import type { ProductOptions } from './options.js';
import { choosePorts, type ProductPorts } from './ports.js';
import { findSealingModule, type SealingModule } from '../find/sealing-module.js';
import { baseName, replicaNames, single, type Scale } from './scale.js';
import { claimData } from './ownership.js';
import { ensureSecrets, requireSecrets, type Secrets } from './secrets.js';
import { portOf, serverStarts, type ServerStart, type StartFacts } from './server-starts.js';
import { productServices, type ProductService } from './services.js';
import { startService } from './start-service.js';

/** The running product. */
export interface RunningProduct {
  readonly url: string;
  readonly ports: ProductPorts;
  readonly secrets: Secrets;
  /** In the order of their start. */
  readonly processes: readonly Supervised[];
  /** Every process of a service or server: `rooms`, or `rooms-1` and `rooms-2`. */
  replicas(name: string): readonly Supervised[];
  /** The first of them. */
  service(name: ProductService): Supervised;
  /** Whether every process of that service says that it is ready. */
  isReady(name: ProductService): Promise<boolean>;
  /** Drains and ends everything: services first, then what they stand on. */
  stop(): Promise<void>;
}

/** One run of the product. */
class Product implements RunningProduct {
  readonly url: string;
  readonly ports: ProductPorts;
  readonly secrets: Secrets;
  readonly processes: Supervised[] = [];
  #options: ProductOptions;
  #scale: Scale;
  #facts: StartFacts;
  #media: Balancer | null = null;
  #sockets: Partial<Record<ProductService, SharedPort>> = {};
  #stopping: Promise<void> | null = null;

  constructor(options: ProductOptions, scale: Scale, ports: ProductPorts, secrets: Secrets, sealing: SealingModule) {
    this.#options = options;
    this.#scale = scale;
    this.#facts = { options, ports, secrets, sealing, mediaNodes: scale.mediaNodes, sockets: this.#sockets };
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

  /** Starts the servers together; nodes of LiveKit that share a Redis, once it is there. */
  async startServers(binaries: Binaries): Promise<void> {
    const { first, media } = serverStarts(binaries, this.#facts);
    const containers = [...first, ...media].flatMap(({ container }) => container ?? []);
    await rememberContainers(this.#options.folder, containers);
    const begin = (starts: readonly ServerStart[]): Promise<void>[] =>
      starts.map(({ name, start }) => this.#supervise(name, start).start());
    const { mediaNodes } = this.#scale;
    if (mediaNodes === 1) return allOf(begin([...first, ...media]));
    await allOf(begin(first));
    await allOf(begin(media));
    this.#media = new Balancer(media.map(({ name }) => portOf(this.ports, name)));
    await this.#media.listen(this.ports.livekit);
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

  /** Starts every process of the four services and waits until each says that it is ready. */
  async startServices(): Promise<void> {
    const { replicas } = this.#scale;
    if (replicas > 1) {
      this.#sockets.gateway = new SharedPort(this.#options.publicHost, this.#options.publicPort);
      this.#sockets.rooms = new SharedPort('127.0.0.1', this.ports.webhook);
      this.#sockets.files = new SharedPort('127.0.0.1', this.ports.data);
    }
    const names = productServices.flatMap((service) => replicaNames(service, replicas));
    const services = names.map((name) => this.#supervise(name, (signal) => startService(name, this.#facts, signal)));
    await allOf(services.map((service) => service.start()));
  }

  replicas(name: string): readonly Supervised[] {
    return this.processes.filter((process) => process.name === name || baseName(process.name) === name);
  }

  service(name: ProductService): Supervised {
    const [found] = this.replicas(name);
    if (!found) throw new Error(`${name} was not started`);
    return found;
  }

  async isReady(name: ProductService): Promise<boolean> {
    const ready = this.replicas(name).map((process) =>
      httpOk(`http://127.0.0.1:${portOf(this.ports, process.name)}/readyz`).catch(() => false),
    );
    return (await Promise.all(ready)).every(Boolean);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const stop = async (...names: string[]): Promise<void> => {
      await Promise.all(
        this.processes.filter(({ name }) => names.includes(baseName(name))).map((process) => process.stop()),
      );
    };
    // Whoever asks goes before whoever answers, so that nothing in flight is cut.
    await stop('gateway');
    await stop('rooms', 'files');
    await stop('auth');
    for (const socket of Object.values(this.#sockets)) socket.close();
    await stop('livekit', 'nats', 'minio');
    await this.#media?.close();
    await stop('redis', 'postgres');
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
  const scale: Scale = {
    replicas: options.replicas ?? single.replicas,
    mediaNodes: options.mediaNodes ?? single.mediaNodes,
  };
  await mkdir(join(options.folder, 'state'), { recursive: true, mode: 0o700 });
  await mkdir(join(options.folder, 'data'), { recursive: true, mode: 0o700 });
  step('secrets and ports');
  const { installationId: id, checkout } = options;
  if (id) await claimData(options.postgresFolder, { id, checkout });
  if ((await dataMajor(options.postgresFolder)) !== null)
    await requireSecrets(join(options.folder, 'secrets'), options.postgresFolder);
  const secrets = await ensureSecrets(join(options.folder, 'secrets'));
  const ports = await choosePorts(join(options.folder, 'state', 'ports.json'), scale);
  await requireDatabases(options.folder, options.postgresFolder);
  step('servers: find');
  const binaries = await findAll(options, scale.mediaNodes);
  options.signal?.throwIfAborted();
  const sealing = await findSealingModule({
    ...(options.onProgress ? { progress: options.onProgress } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  if (sealing.file === null) options.onNotice?.(`sealing goes on without its native engine: ${sealing.reason}`);
  const product = new Product(options, scale, ports, secrets, sealing);
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
    await options.beforeServices?.({ ports, secrets });
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

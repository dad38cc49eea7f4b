import {
  databaseRoles,
  engineCommand,
  imageOf,
  natsConfig,
  obtainImage,
  pins,
  provisionRoles,
  superuser,
  unwatchContainer,
  watchContainer,
  type DatabaseRole,
  type LiveKitKey,
  type ServerName,
} from '@conclave/servers';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { NoImage } from './fall-back.js';
import { randomName, randomSecret } from './random.js';
import { relayTo } from './relay.js';
import type { ServerRunner, Started } from './runner.js';

/** Specs wait a minute; an image that takes longer is there for the next run. */
const pullMs = 45_000;

/** A container of a server's image, made sure of first. It is removed soon after this process is gone, however it went. */
async function containerOf(server: ServerName): Promise<{ name: string; container: GenericContainer }> {
  const image = imageOf(pins[server]);
  const engine = await engineCommand();
  const missing = engine
    ? await obtainImage(engine, image, { signal: AbortSignal.timeout(pullMs) })
    : 'no container engine answers';
  if (missing) throw new NoImage(missing);
  const name = `conclave-test-${randomName()}`;
  watchContainer(name);
  return { name, container: new GenericContainer(image).withName(name) };
}

const started = <Facts>(name: string, container: StartedTestContainer, facts: Facts): Started<Facts> => ({
  facts,
  stop: async () => {
    await container.stop({ remove: true, removeVolumes: true });
    unwatchContainer(name);
  },
});

const key = (name: string): LiveKitKey => ({ key: name, secret: randomSecret() });

const at = (container: StartedTestContainer, port: number): string =>
  `${container.getHost()}:${container.getMappedPort(port)}`;

/** The pinned servers as containers, under the same names and versions as everywhere. The engine maps their ports. */
export const containers: ServerRunner = {
  kind: 'containers',

  async postgres() {
    const superuserPassword = randomSecret();
    const passwords = Object.fromEntries(databaseRoles.map((role) => [role, randomSecret()])) as Record<
      DatabaseRole,
      string
    >;
    const { name, container: postgres } = await containerOf('postgres');
    const container = await postgres
      .withExposedPorts(5432)
      // As the processes of a test: its data dies with it.
      .withCommand([
        'postgres',
        ...[
          '-c',
          'fsync=off',
          '-c',
          'synchronous_commit=off',
          '-c',
          'full_page_writes=off',
          '-c',
          'max_connections=200',
        ],
      ])
      .withTmpFs({ '/var/lib/postgresql': 'rw' })
      .withEnvironment({
        POSTGRES_USER: superuser,
        POSTGRES_PASSWORD: superuserPassword,
        POSTGRES_DB: 'postgres',
        POSTGRES_INITDB_ARGS: '--data-checksums',
      })
      .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
      .start();
    const host = container.getHost();
    const port = container.getMappedPort(5432);
    await provisionRoles({ host, port, superuserPassword }, passwords);
    return started(name, container, { host, port, superuserPassword, passwords });
  },

  async minio() {
    const root = { accessKey: randomSecret(12), secretKey: randomSecret() };
    const { name, container: minio } = await containerOf('minio');
    const container = await minio
      .withExposedPorts(9000)
      .withCommand(['server', '/data'])
      .withEnvironment({
        MINIO_ROOT_USER: root.accessKey,
        MINIO_ROOT_PASSWORD: root.secretKey,
        MINIO_BROWSER: 'off',
        MINIO_DOMAIN: 'localhost',
      })
      .withWaitStrategy(Wait.forHttp('/minio/health/cluster', 9000))
      .start();
    return started(name, container, { endpoint: `http://${at(container, 9000)}`, root });
  },

  // Only tests start it, and from its source: no image of it is pinned.
  seaweedfs: async () => (await import('./processes.js')).processes.seaweedfs(),

  async livekit(request = {}) {
    const api = request.api ?? key('rooms');
    const webhook = request.webhook ?? key('webhook');
    const { name, container: livekit } = await containerOf('livekit-server');
    const relay = request.webhookUrl ? await relayTo(request.webhookUrl) : null;
    // Specs of services never carry media; journeys, which do, start the product as processes.
    const config = {
      port: 7880,
      bind_addresses: ['0.0.0.0'],
      rtc: { tcp_port: 7881, use_external_ip: false, stun_servers: ['127.0.0.1:9'], udp_port: 7882 },
      keys: { [api.key]: api.secret, [webhook.key]: webhook.secret },
      room: { auto_create: false },
      ...(relay ? { webhook: { api_key: webhook.key, urls: [relay.url] } } : {}),
    };
    const container = await livekit
      .withExposedPorts(7880, 7881)
      .withExtraHosts([{ host: 'host.docker.internal', ipAddress: 'host-gateway' }])
      .withEnvironment({ LIVEKIT_CONFIG: JSON.stringify(config) })
      .withWaitStrategy(Wait.forHttp('/', 7880))
      .start();
    const { facts, stop } = started(name, container, { url: `http://${at(container, 7880)}`, api, webhook });
    return {
      facts,
      stop: async () => {
        await stop();
        await relay?.close();
      },
    };
  },

  async nats({ users, permissions }) {
    const content = natsConfig({
      host: '0.0.0.0',
      port: 4222,
      publicKeys: {
        auth: users.auth.publicKey,
        rooms: users.rooms.publicKey,
        files: users.files.publicKey,
        gateway: users.gateway.publicKey,
      },
      permissions,
    });
    const { name, container: nats } = await containerOf('nats-server');
    const container = await nats
      .withExposedPorts(4222)
      .withCopyContentToContainer([{ content, target: '/conclave.json' }])
      .withCommand(['-c', '/conclave.json'])
      .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
      .start();
    return started(name, container, { url: `nats://${at(container, 4222)}` });
  },
};

import {
  databaseRoles,
  natsConfig,
  pins,
  provisionRoles,
  superuser,
  type DatabaseRole,
  type LiveKitKey,
} from '@conclave/servers';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { randomSecret } from './random.js';
import type { ServerRunner, Started } from './runner.js';

const started = <Facts>(container: StartedTestContainer, facts: Facts): Started<Facts> => ({
  facts,
  stop: async () => {
    await container.stop({ remove: true, removeVolumes: true });
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
    const container = await new GenericContainer(pins.postgres.image)
      .withExposedPorts(5432)
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
    return started(container, { host, port, superuserPassword, passwords });
  },

  async minio() {
    const root = { accessKey: randomSecret(12), secretKey: randomSecret() };
    const container = await new GenericContainer(pins.minio.image)
      .withExposedPorts(9000)
      .withCommand(['server', '/data'])
      .withEnvironment({ MINIO_ROOT_USER: root.accessKey, MINIO_ROOT_PASSWORD: root.secretKey, MINIO_BROWSER: 'off' })
      .withWaitStrategy(Wait.forHttp('/minio/health/ready', 9000))
      .start();
    return started(container, { endpoint: `http://${at(container, 9000)}`, root });
  },

  async livekit(request = {}) {
    const api = request.api ?? key('rooms');
    const webhook = request.webhook ?? key('webhook');
    // Specs of services never carry media; journeys, which do, start the product as processes.
    const config = {
      port: 7880,
      bind_addresses: ['0.0.0.0'],
      rtc: { tcp_port: 7881, use_external_ip: false, stun_servers: ['127.0.0.1:9'], udp_port: 7882 },
      keys: { [api.key]: api.secret, [webhook.key]: webhook.secret },
      room: { auto_create: false },
      ...(request.webhookUrl
        ? { webhook: { api_key: webhook.key, urls: [request.webhookUrl.replace('127.0.0.1', 'host.docker.internal')] } }
        : {}),
    };
    const container = await new GenericContainer(pins['livekit-server'].image)
      .withExposedPorts(7880, 7881)
      .withExtraHosts([{ host: 'host.docker.internal', ipAddress: 'host-gateway' }])
      .withEnvironment({ LIVEKIT_CONFIG: JSON.stringify(config) })
      .withWaitStrategy(Wait.forHttp('/', 7880))
      .start();
    return started(container, { url: `http://${at(container, 7880)}`, api, webhook });
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
    const container = await new GenericContainer(pins['nats-server'].image)
      .withExposedPorts(4222)
      .withCopyContentToContainer([{ content, target: '/conclave.json' }])
      .withCommand(['-c', '/conclave.json'])
      .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
      .start();
    return started(container, { url: `nats://${at(container, 4222)}` });
  },
};

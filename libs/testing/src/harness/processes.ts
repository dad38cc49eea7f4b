import { join } from 'node:path';
import {
  databaseRoles,
  findServer,
  freePort,
  provisionRoles,
  startLiveKit,
  startMinio,
  startNats,
  startPostgres,
  startSeaweed,
  type DatabaseRole,
  type ManagedProcess,
} from '@conclave/servers';
import { temporaryFolder } from './folder.js';
import { randomSecret } from './random.js';
import type { ServerRunner, Started } from './runner.js';

const key = (name: string): { key: string; secret: string } => ({ key: name, secret: randomSecret() });

/** Another process may take a free port before its server listens; then it is tried with another one. */
async function insist<T>(start: () => Promise<T>, attempts = 3): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (attempt >= attempts || !/address already in use/i.test(String(error))) throw error;
    }
  }
}

async function inFolder<T extends { process: ManagedProcess }, Facts>(
  purpose: string,
  start: (folder: string) => Promise<{ running: T; facts: Facts }>,
): Promise<Started<Facts>> {
  return insist(async () => {
    const folder = temporaryFolder(purpose);
    try {
      const { running, facts } = await start(folder.path);
      return {
        facts,
        stop: async () => {
          await running.process.stop();
          folder.remove();
        },
      };
    } catch (error) {
      folder.remove();
      throw error;
    }
  });
}

/** The pinned servers as child processes on loopback, with their data in a temporary folder. */
export const processes: ServerRunner = {
  kind: 'processes',

  postgres: () =>
    inFolder('postgres', async (dataFolder) => {
      const binary = await findServer('postgres');
      const passwords = Object.fromEntries(databaseRoles.map((role) => [role, randomSecret()])) as Record<
        DatabaseRole,
        string
      >;
      const superuserPassword = randomSecret();
      const port = await freePort();
      const running = await startPostgres({ binary, dataFolder, port, superuserPassword, durable: false });
      await provisionRoles(running, passwords);
      return { running, facts: { host: '127.0.0.1', port, superuserPassword, passwords } };
    }),

  minio: () =>
    inFolder('minio', async (dataFolder) => {
      const root = { accessKey: randomSecret(12), secretKey: randomSecret() };
      const running = await startMinio({
        binary: await findServer('minio'),
        dataFolder: join(dataFolder, 'data'),
        port: await freePort(),
        root,
        domain: 'localhost',
      });
      return { running, facts: { endpoint: running.endpoint, root } };
    }),

  seaweedfs: () =>
    inFolder('seaweedfs', async (folder) => {
      const root = { accessKey: randomSecret(12), secretKey: randomSecret() };
      const running = await startSeaweed({
        binary: await findServer('seaweedfs'),
        folder,
        port: await freePort(),
        root,
      });
      return { running, facts: { endpoint: running.endpoint, root } };
    }),

  livekit: (request = {}) =>
    inFolder('livekit', async (folder) => {
      const api = request.api ?? key('rooms');
      const webhook = request.webhook ?? key('webhook');
      const running = await startLiveKit({
        binary: await findServer('livekit-server'),
        folder,
        port: await freePort(),
        tcpPort: await freePort(),
        udpPort: await freePort(),
        api,
        webhook,
        ...(request.webhookUrl ? { webhookUrl: request.webhookUrl } : {}),
      });
      return { running, facts: { url: running.url, api, webhook } };
    }),

  nats: ({ users, permissions }) =>
    inFolder('nats', async (folder) => {
      const running = await startNats({
        binary: await findServer('nats-server'),
        folder,
        port: await freePort(),
        publicKeys: {
          auth: users.auth.publicKey,
          rooms: users.rooms.publicKey,
          files: users.files.publicKey,
          gateway: users.gateway.publicKey,
        },
        permissions,
      });
      return { running, facts: { url: running.url } };
    }),
};

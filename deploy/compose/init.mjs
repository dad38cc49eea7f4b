// Run first, by the `init` service, in the image of the tasks: makes what is missing of this installation's secrets and
// lays in front of each container what it may see and nothing else. Nothing has a default, nothing is ever overwritten
// but what follows from something else.
import { chown, chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureSecrets, liveKitConfig, natsConfig, webhookPath, allowLists } from '@conclave/servers';
import { broadcastTable, methodTable } from '@conclave/contracts';

const mounted = '/volumes';
const ours = 10001;
const postgres = 999;

const secrets = await ensureSecrets(join(mounted, 'secrets'));

/** Puts files before one container: readable by its group, writable by nobody. */
async function give(consumer, group, files) {
  const folder = join(mounted, consumer);
  // Only what lies there by this run is right: a key that was taken away from it goes away here.
  for (const old of await readdir(folder)) await rm(join(folder, old), { recursive: true });
  await chown(folder, 0, group);
  await chmod(folder, 0o750);
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    if (dirname(path) !== folder) {
      await mkdir(dirname(path), { mode: 0o750 }).catch((error) => {
        if (error.code !== 'EEXIST') throw error;
      });
      await chown(dirname(path), 0, group);
    }
    await writeFile(path, content, { mode: 0o440 });
    await chown(path, 0, group);
  }
}

const secret = (name) => readFile(secrets.file(name));
/** Secrets of the installation under the names that a container knows them by. */
async function secretsFor(names) {
  const entries = Object.entries(names).map(async ([name, from]) => [name, await secret(from)]);
  return Object.fromEntries(await Promise.all(entries));
}

/** Every version of a key-encryption key; the service says which is active. */
async function keksOf(service) {
  const folder = secrets.file(`${service}/kek`);
  const versions = await readdir(folder);
  return secretsFor(Object.fromEntries(versions.map((each) => [`kek/${each}`, `${service}/kek/${each}`])));
}

await give(
  'auth',
  ours,
  await secretsFor({
    'nats-seed': 'nats/auth',
    'database-password': 'postgres/auth',
    'token-pepper': 'auth/token-pepper',
    'signing-key.pem': 'auth/signing-key.pem',
  }),
);
await give('rooms', ours, {
  ...(await secretsFor({
    'nats-seed': 'nats/rooms',
    'database-password': 'postgres/rooms',
    'keys-database-password': 'postgres/rooms_keys',
    'token-pepper': 'rooms/token-pepper',
    'livekit-api-key': 'livekit/api-key',
    'livekit-api-secret': 'livekit/api-secret',
    'livekit-webhook-key': 'livekit/webhook-key',
    'livekit-webhook-secret': 'livekit/webhook-secret',
  })),
  ...(await keksOf('rooms')),
});
await give('files', ours, {
  ...(await secretsFor({
    'nats-seed': 'nats/files',
    'database-password': 'postgres/files',
    'keys-database-password': 'postgres/files_keys',
    's3-access-key': 'minio/files-access-key',
    's3-secret-key': 'minio/files-secret-key',
    'hop-token-key': 'files/hop-token-key',
  })),
  ...(await keksOf('files')),
});
await give('gateway', ours, await secretsFor({ 'nats-seed': 'nats/gateway' }));

await give(
  'databases',
  ours,
  await secretsFor({
    'superuser-password': 'postgres/admin',
    auth: 'postgres/auth',
    rooms: 'postgres/rooms',
    'rooms-keys': 'postgres/rooms_keys',
    files: 'postgres/files',
    'files-keys': 'postgres/files_keys',
  }),
);
await give(
  'storage',
  ours,
  await secretsFor({
    'root-user': 'minio/root-access-key',
    'root-password': 'minio/root-secret-key',
    'access-key': 'minio/files-access-key',
    'secret-key': 'minio/files-secret-key',
  }),
);

await give('postgres', postgres, await secretsFor({ 'superuser-password': 'postgres/admin' }));
await give(
  'minio',
  ours,
  await secretsFor({
    'root-user': 'minio/root-access-key',
    'root-password': 'minio/root-secret-key',
  }),
);
await give('nats', ours, {
  'nats.conf': natsConfig({
    host: '0.0.0.0',
    port: 4222,
    publicKeys: secrets.natsPublicKeys,
    permissions: allowLists(methodTable, broadcastTable),
  }),
});

const env = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

/** As under npm start, but for what a container needs to be reached from outside of it. */
function liveKit() {
  const tcpPort = Number(env('MEDIA_TCP_PORT'));
  const config = JSON.parse(
    liveKitConfig(
      {
        port: 7880,
        tcpPort,
        udpPort: Number(env('MEDIA_UDP_PORT')),
        metricsPort: 6789,
        // The address of this machine that browsers send media to.
        nodeIp: env('MEDIA_ADDRESS'),
        keyFile: '/etc/conclave/keys.json',
        webhook: { key: secrets.livekitWebhook.key, url: `http://rooms:8081${webhookPath}` },
      },
      'eth0',
    ),
  );
  config.bind_addresses = ['0.0.0.0'];
  config.rtc = { ...config.rtc, tcp_port: tcpPort, enable_loopback_candidate: false };
  // A container may have several networks, in an order that nobody promises; what it offers is the node's address.
  delete config.rtc.interfaces;
  return JSON.stringify(config, null, 2);
}
const { livekitApi, livekitWebhook } = secrets;
await give('livekit', ours, {
  'livekit.yaml': liveKit(),
  'keys.json': JSON.stringify({ [livekitApi.key]: livekitApi.secret, [livekitWebhook.key]: livekitWebhook.secret }),
});

// A new volume is root's; the servers that keep data in one are not.
await chown(join(mounted, 'postgres-data'), postgres, postgres);
await chown(join(mounted, 'minio-data'), ours, ours);
console.log('secrets and configuration are in place');

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  adminClient,
  freePort,
  httpOk,
  isAlive,
  productServices,
  redisAnswers,
  startProduct,
  type RunningProduct,
} from '../src/index.js';

// Services that only say that they are ready: this is about what starts, watches and ends them.
const standIn = `
import { createServer } from 'node:http';
createServer((_, response) => response.end()).listen(Number(process.env.INTERNAL_PORT), '127.0.0.1');
console.log(JSON.stringify(Object.keys(process.env).sort()));
const fd = Number(process.env.LISTEN_FD);
if (fd) createServer((_, response) => response.end(String(process.pid))).listen({ fd });
process.on('SIGTERM', () => process.exit(0));
`;

const contracts = { calls: [], broadcasts: [] };

/** A checkout with stand-ins for the four services. */
function checkoutIn(folder: string): string {
  const checkout = join(folder, 'checkout');
  for (const name of productServices) {
    mkdirSync(join(checkout, 'services', name, 'dist'), { recursive: true });
    writeFileSync(join(checkout, 'services', name, 'dist/main.js'), standIn);
    writeFileSync(join(checkout, 'services', name, 'package.json'), '{"type":"module"}');
  }
  return checkout;
}

describe('the whole product', () => {
  let folder: string;
  let product: RunningProduct;
  const lines: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'conclave-product-'));
    chmodSync(folder, 0o711);
    const port = await freePort();
    product = await startProduct({
      folder: join(folder, 'installation'),
      postgresFolder: join(folder, 'postgres'),
      checkout: checkoutIn(folder),
      publicUrl: `http://localhost:${port}`,
      publicHost: '127.0.0.1',
      publicPort: port,
      contracts,
      onLine: (name, line) => lines.push(`${name} ${line}`),
    });
  }, 120_000);

  afterAll(async () => {
    await product?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('keeps every secret in a file that only its owner may read', () => {
    const secrets = join(folder, 'installation/secrets');
    const entries = readdirSync(secrets, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
      expect([entry.name, mode]).toEqual([entry.name, entry.isDirectory() ? 0o700 : 0o600]);
    }
    expect(entries.filter((entry) => entry.isFile()).length).toBeGreaterThan(20);
  });

  it('gives services no secret in their environment, only where it lies', () => {
    const keys = lines.filter((line) => line.includes('INTERNAL_PORT')).join();
    expect(keys).toContain('"DATABASE_PASSWORD_FILE"');
    expect(keys).not.toMatch(/"(DATABASE_PASSWORD|NATS_NKEY_SEED|TOKEN_PEPPER|S3_SECRET_KEY|LIVEKIT_API_SECRET)"/);
  });

  it('has a database and a role per service, and schema keys where keys are kept', async () => {
    const cluster = { port: product.ports.postgres, superuserPassword: product.secrets.superuserPassword };
    const client = adminClient(cluster);
    await client.connect();
    const { rows } = await client.query(
      "select datname, rolname from pg_database d join pg_roles r on r.oid = d.datdba where datname in ('auth', 'rooms', 'files') order by 1",
    );
    await client.end();
    expect(rows).toEqual(['auth', 'files', 'rooms'].map((name) => ({ datname: name, rolname: name })));
    for (const name of ['rooms', 'files']) {
      const inside = adminClient(cluster, name);
      await inside.connect();
      const owner = await inside.query(
        "select nspowner::regrole::text as owner from pg_namespace where nspname = 'keys'",
      );
      await inside.end();
      expect(owner.rows).toEqual([{ owner: `${name}_keys` }]);
    }
  });

  it('starts a service again that dies, and a server', async () => {
    for (const name of ['rooms', 'nats']) {
      const process = product.processes.find((one) => one.name === name);
      const before = process?.pid;
      await process?.process?.kill();
      const end = Date.now() + 40_000;
      while ((process?.pid === before || process?.state !== 'running') && Date.now() < end) await sleep(50);
      expect(process).toMatchObject({ state: 'running', restarts: 1 });
    }
    expect(await product.isReady('rooms')).toBe(true);
  });

  it('ends everything, and nothing is left', async () => {
    const pids = product.processes.flatMap(({ pid }) => pid ?? []);
    expect(pids).toHaveLength(8);
    await product.stop();
    expect(pids.filter(isAlive)).toEqual([]);
  });
});

describe('several of everything', () => {
  let folder: string;
  let port: number;
  let product: RunningProduct;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'conclave-product-'));
    chmodSync(folder, 0o711);
    port = await freePort();
    product = await startProduct({
      folder: join(folder, 'installation'),
      postgresFolder: join(folder, 'postgres'),
      checkout: checkoutIn(folder),
      publicUrl: `http://localhost:${port}`,
      publicHost: '127.0.0.1',
      publicPort: port,
      contracts,
      durable: false,
      replicas: 2,
      mediaNodes: 2,
    });
  }, 180_000);

  afterAll(async () => {
    await product?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('runs two of every service and of LiveKit, each under its own name, and one Redis', () => {
    expect(product.processes.map(({ name }) => name).sort()).toEqual([
      ...['auth-1', 'auth-2', 'files-1', 'files-2', 'gateway-1', 'gateway-2', 'livekit-1', 'livekit-2'],
      ...['minio', 'nats', 'postgres', 'redis', 'rooms-1', 'rooms-2'],
    ]);
  });

  it('lets nobody into Redis without its password', async () => {
    const redis = product.ports['redis'] ?? 0;
    expect(await redisAnswers(redis, product.secrets.redisPassword)).toBe(true);
    expect(await redisAnswers(redis, 'another')).toBe(false);
  });

  it('answers at the one address while any replica lives, and starts a dead one again by itself', async () => {
    const ask = async () =>
      Number(await (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text());
    const [first, second] = product.replicas('gateway');
    const dead = first?.pid;
    await first?.process?.kill();
    for (let i = 0; i < 20; i++) expect(await ask()).toBe(second?.pid);
    const end = Date.now() + 40_000;
    while ((first?.pid === dead || first?.state !== 'running') && Date.now() < end) await sleep(50);
    expect([first?.restarts, second?.restarts]).toEqual([1, 0]);
    expect(await product.isReady('gateway')).toBe(true);
  });

  it('reaches LiveKit at one address though a node is dead', async () => {
    const [first] = product.replicas('livekit');
    await first?.process?.kill();
    for (let i = 0; i < 4; i++) expect(await httpOk(`http://127.0.0.1:${product.ports.livekit}/`)).toBe(true);
  });
});

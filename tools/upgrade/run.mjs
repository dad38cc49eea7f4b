// `node tools/upgrade/run.mjs [--from <tag or commit>]`: the release before this one on this one's schema, and back and
// forth between them, with real servers and real requests. Needs compiled packages.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { broadcastTable, methodTable } from '@conclave/contracts';
import { freePort, serviceEnvironment, startProduct } from '@conclave/servers';
import { buildCommit, namedCommit, previousCommit } from './previous.mjs';
import { Person } from './requests.mjs';

const root = resolve(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'conclave-upgrade-'));
chmodSync(work, 0o711);
// Requests go to the API; any page will do for the gateway.
const webRoot = join(work, 'web');
mkdirSync(webRoot);
writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Conclave</title>');
const results = [];
const say = (line) => process.stdout.write(`${line}\n`);

async function step(name, action) {
  try {
    await action();
    results.push(true);
    say(`ok    ${name}`);
  } catch (error) {
    results.push(false);
    say(`FAIL  ${name}: ${error instanceof Error ? error.message : error}`);
    throw error;
  }
}

/** Servers with their data stay in one folder; the services come from one release or the other. */
async function start(checkout, port) {
  const lines = [];
  try {
    return await startProduct({
      folder: join(work, 'installation'),
      // Postgres may run as another user, who passes through `work` and through no other folder.
      postgresFolder: join(work, 'postgres'),
      checkout,
      publicUrl: `http://localhost:${port}`,
      publicHost: '127.0.0.1',
      publicPort: port,
      // The bus is brought up first in an upgrade, so the rights are always the new release's.
      contracts: { calls: methodTable, broadcasts: broadcastTable },
      webRoot,
      durable: false,
      onLine: (name, line) => lines.push(`${name} ${line}`),
    });
  } catch (error) {
    const told = lines.filter((line) => /"level":"(error|fatal)"/.test(line)).slice(-5);
    throw new Error([error instanceof Error ? error.message : error, ...told].join('\n'), { cause: error });
  }
}

function migrate(product, service) {
  const env = serviceEnvironment(service, {
    ports: product.ports,
    secretFile: (name) => product.secrets.file(name),
    publicUrl: product.url,
    publicHost: '127.0.0.1',
    publicPort: 1,
    webRoot: root,
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/migrate.js'], {
    cwd: join(root, 'services', service),
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`migrate.js of ${service} ended with ${status}: ${stderr}`);
  return stdout.split('\n').filter((line) => line.includes('"migration applied"')).length;
}

/** A probe on a busy machine may come too late once; a service that is not ready stays so. */
async function requireReady(product) {
  const end = Date.now() + 30_000;
  for (const service of ['auth', 'rooms', 'files', 'gateway']) {
    while (!(await product.isReady(service))) {
      if (Date.now() > end) throw new Error(`${service} is not ready: ${await readiness(product, service)}`);
      await sleep(500);
    }
  }
}

const readiness = (product, service) =>
  fetch(`http://127.0.0.1:${product.ports[service]}/readyz`)
    .then((answer) => answer.text())
    .catch((error) => String(error));

/** Whether what one service announced has come to its effect in another, by the other's own count. */
async function hasHeard(product, service, feed) {
  const answer = await fetch(`http://127.0.0.1:${product.ports[service]}/metrics`);
  const text = await answer.text();
  // Up to 0.1.0 files follows without counting.
  if (!text.includes('# TYPE feed_events_total ')) return true;
  const count = new RegExp(`^feed_events_total\\{[^}]*feed="${feed}"[^}]*\\} (\\d+)`, 'm').exec(text);
  return Number(count?.[1] ?? 0) > 0;
}

/** A session that ended and a room that went, by whichever release they were written, have their effect. */
async function requireFeeds(product) {
  const end = Date.now() + 30_000;
  for (const [service, feed] of [
    ['rooms', 'auth'],
    ['files', 'rooms'],
  ]) {
    while (!(await hasHeard(product, service, feed))) {
      if (Date.now() > end) throw new Error(`${service} has heard nothing of ${feed}`);
      await sleep(500);
    }
  }
}

const at = process.argv.indexOf('--from');
const previous = at > 0 ? namedCommit(root, process.argv[at + 1]) : previousCommit(root);
const old = join(work, 'previous');
let product;
try {
  await step(`previous release is built: ${previous.name}`, () => buildCommit(root, previous.commit, old, say));
  const port = await freePort();
  const person = new Person(`http://localhost:${port}`);
  const use = async (name) => {
    await requireReady(product);
    await person.signIn();
    await person.read();
    await person.write(name);
    await person.read();
    await person.signOut();
    await requireFeeds(product);
  };
  const restart = async (checkout) => {
    await product.stop();
    product = await start(checkout, port);
  };

  await step('previous release starts on empty servers and is used', async () => {
    product = await start(old, port);
    await person.signUp();
    await use('made by the previous release');
  });
  await step('new release migrates while the previous one runs, which goes on', async () => {
    const applied = ['auth', 'rooms', 'files'].map((service) => migrate(product, service));
    say(`      ${applied.reduce((sum, n) => sum + n, 0)} migrations applied`);
    await use('made by the previous release on the new schema');
  });
  await step('previous release starts anew on the new schema', async () => {
    await restart(old);
    await use('made after a restart on the new schema');
  });
  await step('new release takes over', async () => {
    await restart(root);
    await use('made by the new release');
  });
  await step('rollback: the previous release takes over again, and nothing is lost', async () => {
    await restart(old);
    await use('made after the rollback');
  });
  await step('and forward once more', async () => {
    await restart(root);
    await use('made after the second upgrade');
  });
} catch {
  // Told already, by the step.
} finally {
  await product?.stop();
  rmSync(work, { recursive: true, force: true });
}
const failed = results.filter((ok) => !ok).length;
say(`${results.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

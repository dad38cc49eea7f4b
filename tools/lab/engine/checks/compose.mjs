// The whole product by deploy/compose, as it is shipped, on real containers: hardened, used through the gateway, stopped
// politely, and started again on what it kept.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { docker, tryDocker } from '../docker.mjs';
import { composeOf } from '../compose.mjs';
import { engineFolder } from '../engine.mjs';
import { expect } from '../../report.mjs';

const services = ['gateway', 'rooms', 'files', 'auth'];
const once = ['init', 'databases', 'storage'];
/** Seconds that compose.yaml gives each service to stop. */
const grace = { gateway: 90, rooms: 45, files: 120, auth: 45 };

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** One call as the app makes it. */
async function call(url, method, path, { body, cookie } = {}) {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      origin: url,
      'x-conclave': '1',
      ...(cookie && { cookie }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const set = response.headers.getSetCookie().find((line) => line.startsWith('__Host-sid='));
  return { status: response.status, text, cookie: set?.split(';')[0] };
}

export async function composeChecks({ host, report, standIns, version }) {
  const project = `conclave-lab-${process.pid}`;
  const folder = mkdtempSync(join(engineFolder, 'compose-'));
  const [port, tcp, udp] = [await freePort(), await freePort(), await freePort()];
  const url = `http://localhost:${port}`;
  const postgres = standIns.find((image) => image.startsWith('postgres:'));
  const settings = {
    PUBLIC_URL: url,
    LISTEN_PORT: `${port}`,
    MEDIA_TCP_PORT: `${tcp}`,
    MEDIA_UDP_PORT: `${udp}`,
    CONCLAVE_VERSION: version,
    // Debian's Postgres stands in under the name of its own version.
    ...(postgres ? { POSTGRES_IMAGE: postgres } : {}),
  };
  // The services as they are, and without a shell or any other program in reach.
  const shipped = join(import.meta.dirname, '../../../../deploy/compose/compose.yaml');
  const bare = join(folder, 'bare.yaml');
  const bareService = { tmpfs: ['/tmp:size=64m,mode=1777', '/usr/bin:size=1m'] };
  writeFileSync(bare, JSON.stringify({ services: Object.fromEntries(services.map((name) => [name, bareService])) }));
  const compose = await composeOf({ host, project, files: [shipped, bare], settings });
  const must = async (args, options) => {
    const { code, out, err } = await compose(args, options);
    if (code !== 0) throw new Error(`compose ${args.join(' ')} ended with ${code}\n${(err || out).slice(-2_000)}`);
    return out;
  };
  const container = (name) => `${project}-${name}-1`;
  const inspect = async (name) => JSON.parse(await docker(['container', 'inspect', container(name)], { host }))[0];
  const person = {
    email: `${randomUUID()}@example.test`,
    password: `correct horse ${randomUUID()}`,
    displayName: 'Aylin Kaya',
  };
  const secretsHash = () =>
    docker(
      [
        ...['run', '--rm', '--network', 'none', '--user', '0:0', '--volume', `${project}_secrets:/secrets:ro`],
        ...[`conclave/tasks:${version}`, '-e', `(${hashFolder})()`],
      ],
      { host },
    );

  /** Starts everything and waits until the gateway says that it is ready; says what happened where it does not. */
  async function up() {
    const began = Date.now();
    const { code, err } = await compose(['up', '--detach'], { seconds: 420 });
    if (code === 0) {
      for (const end = Date.now() + 120_000; Date.now() < end; await sleep(500)) {
        const { State } = await inspect('gateway');
        if (State.Health?.Status === 'healthy') return `${((Date.now() - began) / 1000).toFixed(0)} s`;
      }
    }
    const logs = await compose(['logs', '--no-color', '--tail', '12']);
    throw new Error(`${err.slice(-800)}\n${logs.out.slice(-6_000)}`);
  }

  try {
    await report.check('compose: the file is valid', () => must(['config', '--quiet']).then(() => undefined));
    if (!(await report.check('compose: everything comes up, services without a shell in their image', up))) return;

    await report.check('compose: every container is without rights', async () => {
      for (const name of [...services, ...once, 'postgres', 'nats', 'minio', 'livekit']) {
        const { HostConfig, Config } = await inspect(name);
        expect(HostConfig.ReadonlyRootfs, `${name}: its root can be written to`);
        expect(`${HostConfig.CapDrop}` === 'ALL', `${name}: keeps capabilities`);
        expect(
          HostConfig.SecurityOpt?.some((each) => each.startsWith('no-new-privileges')),
          `${name}: may gain rights`,
        );
        expect(!HostConfig.Privileged && HostConfig.NetworkMode !== 'host', `${name}: is not apart`);
        if (name !== 'init') expect(!/^(0|root|$)/.test(Config.User.split(':')[0]), `${name}: runs as root`);
        const leaked = Config.Env.filter((each) => /(SECRET|PASSWORD|SEED|PEPPER|KEY)=/.test(each));
        expect(leaked.length === 0, `${name}: a secret in its environment`);
      }
    });
    await report.check('compose: one-time services ended with 0', async () => {
      for (const name of once) {
        const { State } = await inspect(name);
        expect(State.Status === 'exited' && State.ExitCode === 0, `${name}: ${State.Status} with ${State.ExitCode}`);
      }
    });
    await report.check('compose: a person signs up through the gateway and is known afterwards', async () => {
      const made = await call(url, 'POST', '/account', { body: person });
      expect(made.status === 201 && made.cookie, `sign-up answered ${made.status}: ${made.text.slice(0, 200)}`);
      const known = await call(url, 'GET', '/me', { cookie: made.cookie });
      expect(known.status === 200 && known.text.includes(person.email), `the account answered ${known.status}`);
      const room = await call(url, 'POST', '/rooms', { body: { name: 'Board review' }, cookie: made.cookie });
      expect(room.status === 201, `a room answered ${room.status}: ${room.text.slice(0, 200)}`);
      const page = await fetch(url);
      expect(page.status === 200 && (await page.text()).includes('<title>Conclave'), 'the web app is not there');
    });
    for (const name of services) {
      await report.check(`compose: preflight of ${name} finds nothing wrong`, async () => {
        const { code, out, err } = await tryDocker(['exec', container(name), 'node', 'dist/preflight.js'], {
          host,
          seconds: 120,
        });
        expect(code === 0, `ended with ${code}:\n${out}\n${err}`);
        return out.split('\n').filter(Boolean).length + ' lines';
      });
    }
    await report.check('compose: a service sees its own secrets and no other', async () => {
      const seen = await docker(
        [
          'exec',
          container('gateway'),
          'node',
          '-p',
          "require('node:fs').readdirSync('/etc/conclave/secrets').join(' ')",
        ],
        { host },
      );
      expect(seen === 'nats-seed', `the gateway sees ${seen}`);
    });

    const before = await secretsHash();
    await report.check('compose: told to stop, every service drains and ends with 0 within its time', async () => {
      const took = await Promise.all(
        services.map(async (name) => {
          const began = Date.now();
          await docker(['stop', '--time', `${grace[name]}`, container(name)], { host });
          const seconds = (Date.now() - began) / 1000;
          const { State } = await inspect(name);
          expect(
            State.ExitCode === 0 && !State.OOMKilled,
            `${name} ended with ${State.ExitCode} after ${seconds.toFixed(0)} s`,
          );
          expect(seconds < grace[name], `${name} took ${seconds.toFixed(0)} s`);
          return `${name} ${seconds.toFixed(1)} s`;
        }),
      );
      return took.join(', ');
    });
    await must(['down'], { seconds: 180 });
    if (!(await report.check('compose: it comes up again on what it kept', up))) return;
    await report.check('compose: secrets are the same bytes, and the person can sign in', async () => {
      expect((await secretsHash()) === before, 'secrets changed');
      const { email, password } = person;
      const session = await call(url, 'POST', '/session', { body: { email, password } });
      expect(
        session.status === 200 && session.cookie,
        `sign-in answered ${session.status}: ${session.text.slice(0, 200)}`,
      );
    });
  } finally {
    await compose(['down', '--volumes', '--timeout', '10'], { seconds: 180 });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs in a container: one hash over every name and content. */
function hashFolder() {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { readdirSync, readFileSync } = process.getBuiltinModule('node:fs');
  const hash = createHash('sha256');
  const files = readdirSync('/secrets', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of files.map((entry) => `${entry.parentPath}/${entry.name}`).sort())
    hash.update(path).update(readFileSync(path));
  console.log(hash.digest('hex'), files.length);
}

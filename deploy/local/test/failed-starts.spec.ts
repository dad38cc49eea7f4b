import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePort } from '@conclave/servers';
import { openInstallation } from '../src/installation.js';
import { Checkout, type Ended } from './support/checkout.js';

const root = process.getuid?.() === 0;
/** Whether this machine lets us mount a small disk; the way that does it, before the command. */
const mounting = (
  root ? ['unshare', '-m'] : ['unshare', '-Um', '--map-current-user', '--keep-caps']
) as readonly string[];
const mounts =
  spawnSync(mounting[0] ?? '', [...mounting.slice(1), 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

/** What a person sees of a failed start: steps and what they tell, one sentence, at most one log. */
function expectOneSentence({ code, screen }: Ended, sentence: RegExp, log: RegExp | null): void {
  expect(code).toBe(1);
  const lines = screen.split('\n').filter((line) => line.trim() !== '' && !/^ {2}(ok|!!| {2}) {2}/.test(line));
  const said = lines.filter((line) => !line.startsWith('Log: '));
  expect(said).toEqual([expect.stringMatching(sentence)]);
  const logs = lines.filter((line) => line.startsWith('Log: ')).map((line) => line.slice(5));
  if (!log) return expect(logs).toEqual([]);
  expect(logs).toEqual([expect.stringMatching(log)]);
  expect(existsSync(logs[0] ?? '')).toBe(true);
}

describe('a start that fails', () => {
  let checkout: Checkout;
  beforeEach(() => {
    checkout = new Checkout();
  });
  afterEach(() => checkout.remove());
  const failed = async (env = {}, before: readonly string[] = []): Promise<Ended> =>
    checkout.start(await freePort(), env, before).ended;
  /** As if it had run before: an installation with data in it. */
  const withData = (owner?: object): string => {
    const { postgresFolder } = openInstallation(checkout.folder, checkout.shared);
    mkdirSync(postgresFolder, { recursive: true });
    writeFileSync(join(postgresFolder, 'PG_VERSION'), '18\n');
    if (owner) writeFileSync(join(postgresFolder, '../installation.json'), JSON.stringify(owner));
    return postgresFolder;
  };

  it('names the process that has its port, and another port', async () => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    const ended = await checkout.start(port).ended;
    await new Promise((resolve) => server.close(resolve));
    expectOneSentence(
      ended,
      new RegExp(`^Port ${port} is taken by process ${process.pid} .*--port ${port + 1}$`),
      null,
    );
  });

  it('names a secret that was written half, and keeps it', async () => {
    const file = join(checkout.home, 'secrets/rooms/kek/v1');
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, 'aGFsZg');
    expectOneSentence(
      await failed(),
      /^The secret in \S+kek\/v1 must be 32 bytes in base64: it was damaged\. Put it back/,
      null,
    );
    expect(readFileSync(file, 'utf8')).toBe('aGFsZg');
  });

  it('makes no new secrets where data were written under others', async () => {
    const data = withData();
    expectOneSentence(
      await failed(),
      /^The secrets are gone from \S+, and the data in \S+ open only with them\./,
      null,
    );
    expect(existsSync(join(checkout.home, 'secrets/postgres/admin'))).toBe(false);
    expect(existsSync(data)).toBe(true);
  });

  it('neither touches nor uses data of another installation, and names their place', async () => {
    const data = withData({ id: 'another', checkout: '/srv/old' });
    const ended = await failed();
    expectOneSentence(ended, /^The data in \S+ belong to another installation, begun from \/srv\/old, .*rm -r /, null);
    expect(readFileSync(join(data, 'PG_VERSION'), 'utf8')).toBe('18\n');
  });

  it('says that the first start needs the network', async () => {
    const env = {
      XDG_CACHE_HOME: join(checkout.folder, 'cache'),
      GOPROXY: 'http://127.0.0.1:1',
      // Neither Go nor an engine nor a server of the system.
      PATH: join(checkout.folder, 'nothing'),
    };
    expectOneSentence(
      await failed(env),
      /^A server that Conclave stands on .*the first start needs the network/,
      /start\.jsonl$/,
    );
  });

  it('says whose its files are when they are somebody else’s', async () => {
    if (root) {
      // A whole installation, but its databases were given away.
      const { postgresFolder } = openInstallation(checkout.folder, checkout.shared);
      const first = checkout.start(await freePort());
      await first.says('servers: start');
      first.child.kill('SIGTERM');
      await first.ended;
      spawnSync('chown', ['-R', '0:0', postgresFolder]);
      chmodSync(postgresFolder, 0o700);
    } else {
      mkdirSync(join(checkout.home, 'secrets'), { recursive: true });
      chmodSync(join(checkout.home, 'secrets'), 0o000);
    }
    const ended = await failed();
    if (!root) chmodSync(join(checkout.home, 'secrets'), 0o700);
    expectOneSentence(ended, /may not use its files: something in \S+ belongs to another user.*chown/, /\.jsonl$/);
  }, 60_000);

  (mounts ? it : it.skip)(
    'says that the disk is full',
    async () => {
      mkdirSync(checkout.home, { mode: 0o700 });
      const small = ['-t', 'tmpfs', '-o', 'size=12m,mode=711', 'tmpfs'].join(' ');
      const script = `mount ${small} '${checkout.home}' && mount ${small} '${checkout.shared}' && exec "$@"`;
      const ended = await failed({}, [...mounting, 'sh', '-c', script, 'sh']);
      expect(ended.code).toBe(1);
      expect(ended.screen).toMatch(/\nThe disk is full: \S+ could not write\. Free some space where \S+ lies/);
    },
    60_000,
  );
});

describe('a first start that is cut off', () => {
  it('at any of its steps, is taken up by the next; another one beside it is told so; lost secrets are no mystery', async () => {
    const checkout = new Checkout();
    try {
      const port = await freePort();
      for (const step of ['secrets and ports', 'servers: find', 'servers: start', 'databases and bucket']) {
        const cut = checkout.start(port);
        // Without a terminal a step is told at its end: the next one has begun.
        await cut.says(step);
        cut.child.kill('SIGKILL');
        await cut.ended;
      }
      const whole = checkout.start(port);
      await whole.says('Conclave is ready');
      const second = await checkout.start(await freePort()).ended;
      expectOneSentence(second, /^Conclave already runs from this checkout at http:\S+ \(process \d+\)/, null);
      whole.child.kill('SIGTERM');
      const { code, screen } = await whole.ended;
      expect(code).toBe(0);
      expect(screen).toMatch(/1\. Open http:.*\n.*2\. Create the first account.*\n.*3\. Make a room/);
      rmSync(join(checkout.home, 'secrets/postgres'), { recursive: true });
      mkdirSync(join(checkout.home, 'secrets/postgres'));
      writeFileSync(join(checkout.home, 'secrets/postgres/admin'), `${'x'.repeat(43)}\n`);
      const ended = await checkout.start(port).ended;
      expectOneSentence(
        ended,
        /^The databases in \S+ were made under other secrets than those in \S+secrets\./,
        /postgres\.jsonl$/,
      );
    } finally {
      checkout.remove();
    }
  }, 240_000);
});

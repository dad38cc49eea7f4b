// `npm run test:bare`: what the README promises, on a machine that has nothing but Node 20 and npm: a bare Debian in a folder, a
// fresh clone in it, `npm start`, `npm run demo` and `npm test` as a user who is nobody special. Needs root and Debian.
// Words after it choose parts: start, test. `--report` writes docs/evidence/bare-root.md. Ends with one line:
// `N passed, N failed[, N skipped]`.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@conclave/servers';
import { labCache } from './go/cache.mjs';
import { need } from './need.mjs';
import { Report, Skip } from './report.mjs';

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const suite = 'trixie';
const node = '20.20.2';
const npm = '10.8.2';
const words = process.argv.slice(2);
const only = words.filter((word) => !word.startsWith('--'));
const wanted = (part) => only.length === 0 || only.includes(part);
const cache = labCache();
const report = new Report();
const lines = [];

/** Debian's smallest system with Node and npm beside it, packed once. */
function bareSystem() {
  const packed = join(cache, `bare-${suite}-node-${node}.tar`);
  if (existsSync(packed)) return packed;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, '.bare-'));
  try {
    const root = join(work, 'root');
    if (spawnSync('debootstrap', ['--version']).status !== 0)
      need('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'debootstrap']);
    need('debootstrap', ['--variant=minbase', suite, root]);
    rmSync(join(root, 'var/cache/apt'), { recursive: true, force: true });
    // Node and npm as their makers pack them; nothing else comes with them.
    for (const name of [`node-linux-${process.arch}@${node}`, `npm@${npm}`])
      need('npm', ['pack', '--silent', name], { cwd: work });
    need('tar', ['xzf', `node-linux-${process.arch}-${node}.tgz`], { cwd: work });
    cpSync(join(work, 'package/bin/node'), join(root, 'usr/local/bin/node'));
    rmSync(join(work, 'package'), { recursive: true });
    need('tar', ['xzf', `npm-${npm}.tgz`], { cwd: work });
    mkdirSync(join(root, 'usr/local/lib/node_modules'), { recursive: true });
    cpSync(join(work, 'package'), join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
    for (const name of ['npm', 'npx'])
      need('ln', ['-s', `../lib/node_modules/npm/bin/${name}-cli.js`, join(root, 'usr/local/bin', name)]);
    need('chmod', ['755', join(root, 'usr/local/bin/node')]);
    need('chmod', ['-R', 'a+rX', join(root, 'usr/local/lib/node_modules')]);
    need('chroot', [root, 'useradd', '--create-home', 'somebody']);
    need('tar', ['cf', `${packed}.part`, '-C', root, '.']);
    need('mv', [`${packed}.part`, packed]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return packed;
}

/** The certificates that this network asks for, where it has some of its own. */
const authorities = process.env.NODE_EXTRA_CA_CERTS;

/** A command of `somebody` in the bare system; every process of it ends with it. */
function inside(root, script, onText = () => {}) {
  const own = authorities ? 'export NODE_EXTRA_CA_CERTS=/etc/authorities.pem SSL_CERT_FILE=/etc/authorities.pem;' : '';
  const outer = `
    set -e
    mount --make-rprivate /
    mount -t proc proc "$1/proc"
    mount -t tmpfs -o mode=755 tmpfs "$1/dev"
    mkdir "$1/dev/shm"; mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
    for device in null zero full random urandom; do touch "$1/dev/$device"; mount --bind "/dev/$device" "$1/dev/$device"; done
    ln -s /proc/self/fd "$1/dev/fd"
    exec chroot --userspec=somebody:somebody "$1" /usr/bin/env -i HOME=/home/somebody PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 \\
      CI=true sh -c "$2"`;
  const child = spawn(
    'unshare',
    ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', outer, 'sh', root, `${own} cd ~/conclave; ${script}`],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += chunk;
      onText(text, String(chunk));
    });
  const ended = new Promise((resolve) => child.once('close', (code) => resolve({ code, text })));
  return { child, ended };
}

const minutes = (since) => `${((Date.now() - since) / 60_000).toFixed(1)} min`;
const work = mkdtempSync(join(tmpdir(), 'conclave-bare-'));
const root = join(work, 'root');
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const ready = await report.check('a bare Debian with Node and npm alone', async () => {
  if (process.getuid?.() !== 0) throw new Skip('it needs root, to enter another root folder');
  mkdirSync(root);
  need('tar', ['xf', bareSystem(), '-C', root]);
  cpSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'));
  // An installer writes it, debootstrap does not.
  writeFileSync(join(root, 'etc/hosts'), '127.0.0.1 localhost\n::1 localhost\n');
  if (authorities) cpSync(authorities, join(root, 'etc/authorities.pem'));
  need('git', ['clone', '--quiet', '--no-hardlinks', checkout, join(root, 'home/somebody/conclave')]);
  need('chroot', [root, 'chown', '-R', 'somebody:somebody', '/home/somebody']);
  const { text } = await inside(
    root,
    'node --version; npm --version; command -v go git python3 curl chromium docker cc',
  ).ended;
  if (text.split('\n').filter(Boolean).length !== 2) throw new Error(`there is more than Node and npm:\n${text}`);
  lines.push(
    `Debian ${suite}, \`debootstrap --variant=minbase\`; Node ${text.split('\n')[0]}, npm ${text.split('\n')[1]}; no Go, no git, no compiler, no browser, no container engine.`,
  );
});

if (ready && wanted('start')) {
  const port = await freePort();
  const since = Date.now();
  // In one namespace of processes: the demo asks whether the supervisor lives.
  const script = `
    npm start -- --port ${port} & started=$!
    until node -e "fetch('http://localhost:${port}/readyz').catch(() => process.exit(1))" && npm run --silent status >/dev/null; do
      kill -0 $started || exit 1
      sleep 1
    done
    node -e "fetch('http://localhost:${port}/').then((page) => page.text()).then((text) => console.log('PAGE', text.includes('<cv-root')))"
    npm run --silent demo; echo "DEMO $?"
    npm run --silent demo -- --remove; echo "REMOVED $?"
    kill -TERM $started; wait $started; echo "ENDED $?"`;
  let readyAfter = '';
  const run = inside(root, script, (text, chunk) => {
    for (const line of chunk.split('\n').filter((one) => /^ {2}(ok|!!) /.test(one))) report.say(line.trim());
    if (text.includes('Conclave is ready')) readyAfter ||= minutes(since);
  });
  const { text } = await run.ended;
  const says = (words) => {
    if (!text.includes(words)) throw new Error(`it did not say "${words}":\n${text.split('\n').slice(-40).join('\n')}`);
  };
  await report.check('npm start, the first time', async () => {
    says('Conclave is ready');
    says('PAGE true');
    lines.push(`\`npm start\`: ready after ${readyAfter}, with nothing compiled and nothing fetched before.`);
    return readyAfter;
  });
  await report.check('npm run demo, and away with it', async () => {
    says('DEMO 0');
    says('REMOVED 0');
    lines.push('`npm run demo` and `npm run demo -- --remove`: done, in the Chromium that was fetched.');
  });
  await report.check('it ends when it is asked to', async () => says('ENDED 0'));
}

if (ready && wanted('test'))
  await report.check('npm test', async () => {
    const since = Date.now();
    const { text } = await inside(root, 'npm test', (_, chunk) =>
      process.stdout.write(chunk.replace(/^(?=.)/gm, '     ')),
    ).ended;
    const last = text.trimEnd().split('\n').at(-1);
    lines.push(`\`npm test\`: ${last}, in ${minutes(since)}.`);
    if (!/^\d+ passed, 0 failed/.test(last)) throw new Error(last);
    return last;
  });

if (words.includes('--report') && !report.failed) {
  const commit = need('git', ['rev-parse', '--short', 'HEAD'], { cwd: checkout }).trim();
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(
    join(checkout, 'docs/evidence/bare-root.md'),
    `# On a machine with Node and npm alone\n\nMade by \`npm run test:bare -- --report\` on ${today}, commit ${commit}, ${readFileSync('/proc/cpuinfo', 'utf8').match(/^processor/gm).length} cores.\n\n${lines.map((line) => `- ${line}`).join('\n')}\n`,
  );
}
process.exit(report.end());

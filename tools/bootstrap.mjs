// What `npm start`, `npm run status`, `npm test` and `npm run bench` run. Works with any Node >= 20: it installs the
// locked packages, goes on under the Node that came with them, compiles what changed and hands over.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withLockIn } from './lock.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const began = Number(process.env.CONCLAVE_BEGAN) || Date.now();
const [command = 'start', ...rest] = process.argv.slice(2);
/** Labs: suites with tools of their own, which bring up what they need by themselves. */
const labs = {
  'test:cluster': 'tools/lab/test-cluster.mjs',
  'test:containers': 'tools/lab/test-containers.mjs',
  'test:node': 'tools/lab/test-node.mjs',
  'test:upgrade': 'tools/upgrade/run.mjs',
  'test:bare': 'tools/lab/test-bare.mjs',
  'test:stores': 'tools/test-stores.mjs',
};
/** Commands of the supervisor that look at what runs; they are compiled without a word. */
const looks = ['status', 'audit:check'];
const commands = ['start', ...looks, 'demo', 'test', 'bench', ...Object.keys(labs)];

if (!commands.includes(command)) {
  console.error(`There is no "${command}". Commands: ${commands.join(', ')}`);
  process.exit(2);
}

/** One line per step, with the time it took. */
async function step(name, work) {
  const since = Date.now();
  const live = process.stdout.isTTY;
  const end = (mark) => {
    const time = `${((Date.now() - since) / 1000).toFixed(1)} s`;
    process.stdout.write(`${live ? '\r\u001b[K' : ''}  ${mark}  ${name.padEnd(32)} ${time.padStart(8)}\n`);
  };
  if (live) process.stdout.write(`  ..  ${name}`);
  try {
    const result = await work();
    end('ok');
    return result;
  } catch (error) {
    end('!!');
    throw error;
  }
}

/** One command at a time installs and compiles this checkout. */
const alone = (work) => withLockIn(join(root, '.conclave', 'state'), 'build', work);

/** The packages that are installed are the ones of this lock file. */
const stampFile = join(root, 'node_modules', '.conclave', 'packages');
const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
const installed = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lockHash();

/** npm's own note of what it installed; when it names all that the lock file names, a stamp suffices. */
function matchesLock() {
  const noted = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(noted)) return false;
  const have = JSON.parse(readFileSync(noted, 'utf8')).packages;
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(
    ([path, entry]) =>
      path === '' || !path.startsWith('node_modules/') || entry.optional || have[path]?.version === entry.version,
  );
}

function install() {
  if (!matchesLock()) {
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const done = spawnSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'inherit', 'pipe'] });
    if (done.status !== 0) {
      const log = join(root, '.conclave', 'logs', 'packages.log');
      mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
      writeFileSync(log, `${done.stderr}${done.error ?? ''}\n`);
      const full = /ENOSPC/.test(done.stderr ?? '');
      const why = full
        ? 'the disk is full. Free some space and start again.'
        : 'the first start needs the network, for the package registry. Connect and start again.';
      throw new Error(`The packages could not be installed: ${why}\nLog: ${log}`);
    }
  }
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, lockHash());
}

/** The Node that the packages brought; the one that runs now where they brought none for this machine. */
function pinnedNode() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).optionalDependencies;
  const name = `node-${process.platform}-${process.arch}`;
  const path = join(root, 'node_modules', name, 'bin', 'node');
  if (existsSync(path)) {
    linkBeside(path);
    return path;
  }
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 24) return process.execPath;
  const version = wanted[name] ?? Object.values(wanted)[0];
  console.error(
    `No Node ${version} came for ${process.platform}-${process.arch}, and this one is ${process.version}: use Node 24.`,
  );
  process.exit(1);
}

/** Whoever starts programs with a PATH of its own has `.bin` in it; npm before 11 puts no `node` there. */
function linkBeside(node) {
  const bin = join(root, 'node_modules', '.bin');
  try {
    symlinkSync(relative(bin, node), join(bin, 'node'));
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

/** Runs a program in our place: signals go on to it, its exit code becomes ours, and it is told to end if npm is killed. */
function handOver(program, args, env) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit', env });
  const forward = (signal) => child.kill(signal);
  // From a terminal Ctrl-C reaches the child by itself as well; it takes two signals at once for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => forward(signal));
  if (process.env.npm_lifecycle_event) {
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && forward('SIGTERM'), 1000).unref();
  }
  child.on('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGKILL' ? 137 : 1)));
}

async function main() {
  if (!installed()) await step('packages', () => alone(async () => installed() || install()));
  const node = pinnedNode();
  const env = {
    ...process.env,
    CONCLAVE_BEGAN: String(began),
    PATH: `${dirname(node)}:${join(root, 'node_modules', '.bin')}:${process.env.PATH}`,
  };
  if (Number(process.versions.node.split('.')[0]) < 24) {
    return handOver(node, [fileURLToPath(import.meta.url), command, ...rest], env);
  }
  process.env.PATH = env.PATH;
  const build = await import(pathToFileURL(join(root, 'deploy/local/build.mjs')).href);
  const compilePackages = () => alone(build.compilePackages);
  const buildWeb = () => alone(build.buildWeb);
  if (command === 'start') {
    await step('compile packages', compilePackages);
    await step('build the web app', buildWeb);
    return handOver(node, [join(root, 'deploy/local/dist/main.js'), 'start', ...rest], env);
  }
  await (looks.includes(command) || command === 'demo' ? compilePackages() : step('compile packages', compilePackages));
  if (looks.includes(command)) return handOver(node, [join(root, 'deploy/local/dist/main.js'), command, ...rest], env);
  // What journeys are made of is TypeScript, run as it is.
  const asSources = ['--import', pathToFileURL(join(root, 'libs/testing/run-sources.mjs')).href];
  if (command === 'demo') return handOver(node, [...asSources, join(root, 'e2e/demo.mjs'), ...rest], env);
  if (command in labs) return handOver(node, [join(root, labs[command]), ...rest], env);
  // Specs wait a minute for a server, not ten for its compilation.
  const found = spawnSync(node, [join(root, 'deploy/local/dist/main.js'), 'servers'], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  if (found.status !== 0) process.exit(found.status ?? 1);
  if (command === 'test') return handOver(node, [join(root, 'tools/test.mjs'), ...rest], env);
  return handOver(node, [join(root, 'bench/run.mjs'), ...rest], env);
}

await main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});

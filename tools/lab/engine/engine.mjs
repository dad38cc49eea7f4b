// A container engine for the lab: the one that answers, or a private one (Debian's) on a socket and a data folder of its
// own, so that nothing on the machine mixes with it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryDocker } from './docker.mjs';

/** No engine can be had here, and why. */
export class NoEngine extends Error {}

/** Where the private engine keeps its images, its socket and its note. */
export const engineFolder = process.env.CONCLAVE_ENGINE_DIR || '/var/tmp/conclave-engine';
const socket = join(engineFolder, 'docker.sock');
export const privateHost = `unix://${socket}`;
const pidFile = join(engineFolder, 'dockerd.pid');
const bridgeNote = join(engineFolder, 'made-bridge');
const bridge = 'docker0';

const answers = async (host) => (await tryDocker(['info', '--format', '{{.ID}}'], { host, seconds: 10 })).code === 0;

/** Installs Debian's engine. Says so first: it is the only thing that the lab changes on a machine. */
function install(say) {
  const missing = ['docker.io', 'mmdebstrap', 'binutils', 'iproute2'];
  say(`installing ${missing.join(', ')} with apt-get`);
  const apt = (...args) =>
    spawnSync('apt-get', args, { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  apt('update', '-qq');
  const done = apt('install', '-y', '-qq', '--no-install-recommends', ...missing);
  if (done.status !== 0) throw new NoEngine(`apt-get could not install the engine:\n${done.stderr}`);
}

const inPath = (name) =>
  [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'].map((each) => join(each, name)).find(existsSync);

/** The pid of our engine, where that process is really ours. */
function ownPid() {
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
  if (!(pid > 0) || !existsSync(`/proc/${pid}/cmdline`)) return 0;
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return words.includes(join(engineFolder, 'data')) ? pid : 0;
}

/** Starts the private engine and waits until it answers. */
async function start() {
  mkdirSync(engineFolder, { recursive: true, mode: 0o700 });
  rmSync(pidFile, { force: true });
  if (!(bridge in networkInterfaces())) writeFileSync(bridgeNote, '');
  const log = openSync(join(engineFolder, 'dockerd.log'), 'w');
  const child = spawn(
    inPath('dockerd'),
    [
      ...['--host', privateHost, '--pidfile', pidFile],
      ...['--data-root', join(engineFolder, 'data'), '--exec-root', join(engineFolder, 'exec')],
    ],
    // Out of reach of a Ctrl-C in this terminal: `down` ends it, after its containers.
    { detached: true, stdio: ['ignore', log, log] },
  );
  child.unref();
  let ended;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code) => (ended = `dockerd ended with ${code}`));
  for (const end = Date.now() + 60_000; Date.now() < end && ended === undefined; await sleep(250)) {
    if (await answers(privateHost)) return;
  }
  const tail = readFileSync(join(engineFolder, 'dockerd.log'), 'utf8').trim().split('\n').slice(-5).join('\n');
  throw new NoEngine(`${ended ?? 'dockerd did not answer within a minute'}:\n${tail}`);
}

/**
 * Tells why the engine cannot run containers, which it does not by starting: an image of nothing gets as far as not finding
 * its program (127) where it can.
 */
async function cannotRun(host) {
  const image = 'conclave-lab/nothing';
  const emptyTar = '\0'.repeat(1024);
  const made = await tryDocker(['import', '-', image], { host, input: emptyTar, seconds: 60 });
  if (made.code !== 0) return made.err;
  const { code, err } = await tryDocker(['run', '--rm', image, '/nothing'], { host, seconds: 60 });
  return code === 127 ? undefined : `a container ended with ${code}: ${err}`;
}

/**
 * An engine: `host` for DOCKER_HOST (undefined means the machine's own), and whether this call started it. Throws
 * `NoEngine` with the reason where none can be had.
 */
export async function engineUp(say) {
  if (await answers(undefined)) return { host: process.env.DOCKER_HOST, started: false };
  if (ownPid() && (await answers(privateHost))) return { host: privateHost, started: false };
  if (process.platform !== 'linux')
    throw new NoEngine('no container engine answers, and it can be started on Linux only');
  if (process.getuid() !== 0) throw new NoEngine('no container engine answers, and only root can start one');
  if (!inPath('dockerd') || !inPath('docker')) {
    if (!existsSync('/etc/debian_version')) throw new NoEngine('no container engine is installed; install Docker');
    install(say);
    if (await answers(undefined)) return { host: process.env.DOCKER_HOST, started: false };
  }
  await start();
  const reason = await cannotRun(privateHost);
  if (reason) {
    await engineDown();
    throw new NoEngine(`an engine starts here and runs nothing: ${reason}`);
  }
  return { host: privateHost, started: true };
}

/** Ends the private engine and what runs in it; its images stay for the next time. Tells whether there was one. */
export async function engineDown() {
  const pid = ownPid();
  if (!pid) return false;
  process.kill(pid, 'SIGTERM');
  for (const end = Date.now() + 40_000; ownPid() && Date.now() < end;) await sleep(200);
  if (ownPid()) process.kill(pid, 'SIGKILL');
  // Mounts that are left would keep the folder from ever being removed.
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1])
    .filter((path) => path?.startsWith(`${engineFolder}/`));
  for (const path of mounts.sort().reverse()) spawnSync('umount', [path]);
  if (existsSync(bridgeNote)) {
    spawnSync('ip', ['link', 'delete', bridge]);
    rmSync(bridgeNote);
  }
  return true;
}

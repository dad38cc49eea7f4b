// One real node of Kubernetes: etcd, API server, controllers, scheduler, containerd, kubelet, kube-proxy and CoreDNS. It runs
// in the namespaces that isolated.sh makes and nowhere else.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { endAll, launch, memory } from '../kubernetes/processes.mjs';
import { writeKubeconfig, writeServiceAccountKeys, writeTokens } from '../pki.mjs';
import { programPath } from './programs.mjs';
import {
  apiServer,
  apiServerArgs,
  cniConfig,
  containerdConfig,
  etcdArgs,
  kubeletConfig,
  nodeIp,
  nodeName,
  proxyConfig,
} from './settings.mjs';

const run = promisify(execFile);
const manifests = join(dirname(fileURLToPath(import.meta.url)), 'manifests');

/** In the order they start; they end the other way round. */
const order = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'];

/** Who speaks to the API server, and with whose rights. */
const users = {
  admin: 'admin,"system:masters"',
  'kube-controller-manager': 'kcm,',
  'kube-scheduler': 'sched,',
  kubelet: 'node,"system:nodes"',
  'kube-proxy': 'proxy,',
};
const userNames = {
  admin: 'admin',
  'kube-controller-manager': 'system:kube-controller-manager',
  'kube-scheduler': 'system:kube-scheduler',
  kubelet: `system:node:${nodeName}`,
  'kube-proxy': 'system:kube-proxy',
};

/** The lab changes routes and rules of its network: in the machine's own it must never start. */
function requireOwnNamespaces() {
  const mine = readlinkSync('/proc/self/ns/pid');
  if (process.env.CONCLAVE_LAB_OUTSIDE === mine || !process.env.CONCLAVE_LAB_OUTSIDE) {
    throw new Error('The node runs in namespaces of its own: start it with `npm run test:node`.');
  }
}

async function network() {
  if (!existsSync('/sys/class/net/lab0')) {
    await run('ip', ['link', 'add', 'lab0', 'type', 'bridge']);
    await run('ip', ['address', 'add', `${nodeIp}/32`, 'dev', 'lab0']);
    await run('ip', ['link', 'set', 'lab0', 'up']);
    // Programs ask for the way to the world before they speak to themselves; nothing answers behind it.
    await run('ip', ['route', 'add', 'default', 'dev', 'lab0']);
  }
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
  const bridged = '/proc/sys/net/bridge/bridge-nf-call-iptables';
  if (existsSync(bridged)) writeFileSync(bridged, '1');
}

async function identities(folder) {
  writeServiceAccountKeys(folder);
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=apiserver-to-kubelet'],
    ...['-addext', 'extendedKeyUsage=clientAuth'],
    ...['-keyout', join(folder, 'pki/kubelet-client.key'), '-out', join(folder, 'pki/kubelet-client.crt')],
  ]);
  const lines = Object.entries(users).map(([name, rest]) => [name, `${userNames[name]},${rest.replace(/,$/, '')}`]);
  const tokens = writeTokens(folder, Object.fromEntries(lines));
  for (const [name, token] of Object.entries(tokens)) writeKubeconfig(folder, name, apiServer, token);
}

function writeSettings(folder, store) {
  mkdirSync(join(folder, 'cni'));
  const write = (name, value) =>
    writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value, null, 2));
  write('containerd.toml', containerdConfig({ folder, store, runc: programPath('runc') }));
  write('cni/10-lab.conflist', cniConfig({ folder }));
  write('kubelet.json', kubeletConfig({ folder }));
  write('kube-proxy.json', proxyConfig({ folder }));
  write('resolv.conf', 'nameserver 127.0.0.1\n');
}

function tail(folder, name) {
  const path = join(folder, `${name}.log`);
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').slice(-12).join('\n') : '';
}

async function until(words, work, { folder, alive, limitSeconds = 180 }) {
  const end = Date.now() + limitSeconds * 1000;
  let last;
  while (Date.now() < end) {
    try {
      return await work();
    } catch (error) {
      last = error;
    }
    const dead = alive.find((each) => !each.alive());
    if (dead) throw new Error(`${dead.name} ended while starting:\n${tail(folder, dead.name)}`);
    await sleep(200);
  }
  throw new Error(`${words} took more than ${limitSeconds} s: ${last?.stderr || last?.message}`);
}

/** Starts containerd and gives it the images; what an earlier run imported is there already. */
async function startContainerd(folder, store, archive) {
  // A run that was cut short left containers in the store, which nothing could end properly any more.
  const inUse = join(store, 'in-use');
  const stamp = join(store, 'imported');
  const same = existsSync(stamp) && readFileSync(stamp, 'utf8') === archive;
  if (existsSync(inUse) || !same) rmSync(store, { recursive: true, force: true });
  mkdirSync(store, { recursive: true });
  writeFileSync(inUse, '');
  // A folder of its own: it ends last, after its containers.
  const own = join(folder, 'runtime');
  mkdirSync(own);
  const containerd = await launch(own, 'containerd', programPath('containerd'), [
    '--config',
    join(folder, 'containerd.toml'),
  ]);
  const ctr = (...args) =>
    run(programPath('ctr'), ['--address', join(folder, 'containerd.sock'), '--namespace', 'k8s.io', ...args], {
      maxBuffer: 64 << 20,
    });
  await until('containerd', () => ctr('version'), { folder: own, alive: [containerd] });
  if (!existsSync(stamp)) {
    await ctr('images', 'import', archive);
    writeFileSync(stamp, archive);
  }
  const end = async () => {
    await endContainers(ctr);
    await endAll(own);
    rmSync(inUse, { force: true });
  };
  return { containerd, end, memory: () => memory(own) };
}

/** Ends the containers and forgets them, so that the store holds images only. */
async function endContainers(ctr) {
  const names = async (what) => (await ctr(what, 'list', '--quiet')).stdout.split('\n').filter(Boolean);
  for (const id of await names('tasks'))
    await ctr('tasks', 'kill', '--all', '--signal', 'SIGKILL', id).catch(() => undefined);
  await sleep(500);
  for (const id of await names('tasks')) await ctr('tasks', 'delete', '--force', id).catch(() => undefined);
  for (const id of await names('containers')) await ctr('containers', 'delete', id).catch(() => undefined);
}

/**
 * Starts the node in a folder of its own. `bin` names the programs of Kubernetes, `archive` the images, `store` the folder
 * that keeps what is imported.
 */
export async function startNode({ folder, bin, archive, store, say = () => undefined }) {
  requireOwnNamespaces();
  const began = Date.now();
  const told = (words) => say(`${((Date.now() - began) / 1000).toFixed(1)} s  ${words}`);
  const times = {};
  const mark = (name, words) => {
    times[name] = (Date.now() - began) / 1000;
    told(words);
  };
  // Root file systems of containers are unpacked with the umask that containerd inherits.
  process.umask(0o022);
  await network();
  await identities(folder);
  writeSettings(folder, store);

  const etcd = await launch(folder, 'etcd', bin.etcd, etcdArgs({ folder }));
  const api = await launch(folder, 'kube-apiserver', bin['kube-apiserver'], apiServerArgs({ folder }));
  const runtime = await startContainerd(folder, store, archive);
  mark('images', 'containerd has the images');
  const kubeconfig = join(folder, 'admin.conf');
  const mine = ['--kubeconfig', kubeconfig, '--cache-dir', join(folder, 'kubectl-cache')];
  const kubectl = (...args) => run(bin.kubectl, [...mine, ...args], { maxBuffer: 64 << 20 });
  const watched = { folder, alive: [etcd, api, runtime.containerd] };
  await until('the API server', () => kubectl('get', '--raw', '/readyz'), watched);
  mark('api', 'API server ready');

  const conf = (name) => ['--kubeconfig', join(folder, `${name}.conf`)];
  watched.alive.push(
    await launch(folder, 'kube-controller-manager', bin['kube-controller-manager'], [
      ...conf('kube-controller-manager'),
      ...['--leader-elect=false', '--secure-port', '0', '--use-service-account-credentials'],
      ...['--service-account-private-key-file', join(folder, 'pki/sa.key')],
      ...['--root-ca-file', join(folder, 'pki/apiserver.crt')],
    ]),
    await launch(folder, 'kube-scheduler', bin['kube-scheduler'], [
      ...conf('kube-scheduler'),
      ...['--leader-elect=false', '--secure-port', '0'],
    ]),
    await launch(folder, 'kubelet', bin.kubelet, [
      ...['--config', join(folder, 'kubelet.json'), ...conf('kubelet')],
      ...['--root-dir', join(folder, 'kubelet'), '--cert-dir', join(folder, 'pki')],
      ...['--hostname-override', nodeName, '--node-ip', nodeIp, '--v', '2'],
    ]),
  );
  await kubectl(
    ...['create', 'clusterrolebinding', 'lab-proxy'],
    ...['--clusterrole', 'system:node-proxier', '--user', 'system:kube-proxy'],
  );
  watched.alive.push(
    await launch(folder, 'kube-proxy', bin['kube-proxy'], ['--config', join(folder, 'kube-proxy.json'), '--v', '2']),
  );
  await until('the node', () => kubectl('wait', '--for=condition=Ready', `node/${nodeName}`, '--timeout=5s'), watched);
  mark('node', 'node Ready');
  await kubectl('apply', '-f', join(manifests, 'coredns.yaml'));
  await kubectl('-n', 'kube-system', 'rollout', 'status', 'deployment/coredns', '--timeout=120s');
  mark('dns', 'names are served');
  const version = JSON.parse((await kubectl('get', '--raw', '/version')).stdout).gitVersion;

  return {
    folder,
    kubeconfig,
    version,
    times,
    memory: () => ({ ...memory(folder), ...runtime.memory() }),
    stop: async () => {
      await endAll(folder, order);
      await runtime.end();
    },
  };
}

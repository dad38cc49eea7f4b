// A real Kubernetes control plane on loopback: etcd, API server, controller manager, scheduler, and kwok in place of
// kubelets. Objects are validated, admitted, scheduled, rolled out and evicted as anywhere; no container ever runs.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeKubeconfig, writeServiceAccountKeys, writeTokens } from '../pki.mjs';
import { endAll, freePorts, launch, memory, running, startedAt } from './processes.mjs';

const run = promisify(execFile);
const manifests = join(dirname(fileURLToPath(import.meta.url)), 'manifests');
const prefix = 'conclave-lab-kubernetes-';

/** In the order they start; they end the other way round. */
const order = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'];

/** Names of the tools a cluster is made of. */
export const clusterTools = [...order, 'kubectl'];

/** Ends what dead runs left behind; folders of runs that live are left alone. */
export async function sweep() {
  for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    try {
      const { pid, startedAt: began } = JSON.parse(readFileSync(join(folder, 'owner'), 'utf8'));
      // Somebody keeps a cluster that `up` started: it has no owner to die.
      if (pid === null || startedAt(pid) === began) continue;
      await endAll(folder, order);
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another user's folder, or one that is being made at this moment.
    }
  }
}

function writeIdentity(folder) {
  writeServiceAccountKeys(folder);
  return writeTokens(folder, { admin: 'admin,admin,"system:masters"' }).admin;
}

function tail(folder, name) {
  const path = join(folder, `${name}.log`);
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').slice(-8).join('\n') : '';
}

/** Waits until the work succeeds; a program that died in the meantime ends the wait with its last words. */
async function until(words, work, { folder, alive = [], limitSeconds = 120 }) {
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

function node(index, kubernetesVersion) {
  const name = `node-${index}`;
  const capacity = { cpu: '16', memory: '64Gi', 'ephemeral-storage': '500Gi', pods: '250' };
  const labels = {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'topology.kubernetes.io/zone': `zone-${index}`,
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels, annotations: { 'lab/kubelet-version': kubernetesVersion } },
    status: { allocatable: capacity, capacity },
  };
}

/** Volumes to bind claims to: no provisioner runs here. */
function volumes(count) {
  const storageClass = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'lab', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'Immediate',
  };
  const volume = (index) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `lab-${index}` },
    spec: {
      storageClassName: 'lab',
      capacity: { storage: '1Ti' },
      accessModes: ['ReadWriteOnce', 'ReadWriteMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: `/nowhere/${index}` },
    },
  });
  return [storageClass, ...Array.from({ length: count }, (_, index) => volume(index))];
}

const list = (items) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

async function launchPrograms(folder, bin, say) {
  const [etcdClient, etcdPeer, api, kwok] = await freePorts(4);
  const token = writeIdentity(folder);
  const etcdUrl = `http://127.0.0.1:${etcdClient}`;
  const peerUrl = `http://127.0.0.1:${etcdPeer}`;
  const etcd = await launch(folder, 'etcd', bin.etcd, [
    ...['--data-dir', join(folder, 'etcd'), '--unsafe-no-fsync', '--log-level', 'warn'],
    ...['--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
    ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
    ...['--initial-cluster', `default=${peerUrl}`],
  ]);
  const apiServer = await launch(folder, 'kube-apiserver', bin['kube-apiserver'], [
    ...['--etcd-servers', etcdUrl, '--bind-address', '127.0.0.1', '--advertise-address', '127.0.0.1'],
    ...['--endpoint-reconciler-type', 'none', '--secure-port', String(api), '--cert-dir', join(folder, 'pki')],
    ...['--service-account-issuer', 'https://kubernetes.default.svc.cluster.local'],
    ...['--service-account-key-file', join(folder, 'pki/sa.pub')],
    ...['--service-account-signing-key-file', join(folder, 'pki/sa.key')],
    ...['--service-cluster-ip-range', '10.96.0.0/16', '--authorization-mode', 'Node,RBAC', '--allow-privileged'],
    ...['--token-auth-file', join(folder, 'tokens.csv'), '--anonymous-auth=false', '--v', '1'],
  ]);
  const server = `https://127.0.0.1:${api}`;
  const kubeconfig = writeKubeconfig(folder, 'admin', server, token);
  const kubectl = (...args) => run(bin.kubectl, ['--kubeconfig', kubeconfig, ...args]);
  await until('the API server', () => kubectl('get', '--raw', '/readyz'), { folder, alive: [etcd, apiServer] });
  say(`API server ready on ${server}`);
  const rest = [
    await launch(folder, 'kube-controller-manager', bin['kube-controller-manager'], [
      ...['--kubeconfig', kubeconfig, '--leader-elect=false', '--secure-port', '0'],
      ...['--service-account-private-key-file', join(folder, 'pki/sa.key')],
      ...['--root-ca-file', join(folder, 'pki/apiserver.crt'), '--use-service-account-credentials'],
    ]),
    await launch(folder, 'kube-scheduler', bin['kube-scheduler'], [
      ...['--kubeconfig', kubeconfig, '--leader-elect=false', '--secure-port', '0'],
    ]),
    await launch(folder, 'kwok', bin.kwok, [
      ...['--kubeconfig', kubeconfig, '--manage-all-nodes', '--node-lease-duration-seconds', '40'],
      ...['--server-address', `127.0.0.1:${kwok}`, '--config', join(manifests, 'stages.yaml')],
    ]),
  ];
  return { server, kubeconfig, kubectl, programs: [etcd, apiServer, ...rest] };
}

/**
 * Starts a cluster in a fresh folder and returns when its nodes are Ready. `bin` names the tools; `owner: null` keeps it
 * alive when the starting process ends.
 */
export async function startCluster({ bin, say = () => undefined, nodes = 3, owner = process.pid }) {
  if (process.platform !== 'linux')
    throw new Error('The Kubernetes lab runs on Linux: it reads /proc to end only its own processes.');
  await sweep();
  const folder = mkdtempSync(join(tmpdir(), prefix));
  writeFileSync(
    join(folder, 'owner'),
    JSON.stringify({ pid: owner, startedAt: owner === null ? null : startedAt(owner) }),
  );
  const stop = async () => {
    await endAll(folder, order);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { server, kubeconfig, kubectl, programs } = await launchPrograms(folder, bin, say);
    const { stdout: version } = await kubectl('get', '--raw', '/version');
    const { gitVersion } = JSON.parse(version);
    const objects = join(folder, 'objects.json');
    writeFileSync(objects, list([...Array.from({ length: nodes }, (_, i) => node(i + 1, gitVersion)), ...volumes(80)]));
    await kubectl('apply', '--server-side', '-f', objects);
    const watched = { folder, alive: programs };
    await until('nodes', () => kubectl('wait', '--for=condition=Ready', 'node', '--all', '--timeout=5s'), watched);
    await until('the default service account', () => kubectl('-n', 'default', 'get', 'sa', 'default'), watched);
    return { folder, server, kubeconfig, version: gitVersion, memory: () => memory(folder), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Ends the cluster of a folder that `startCluster` made. */
export async function stopCluster(folder) {
  if (!folder.startsWith(join(tmpdir(), prefix))) throw new Error(`${folder} is no folder of this lab`);
  await endAll(folder, order);
  rmSync(folder, { recursive: true, force: true });
}

/** Whether the whole cluster of a folder runs. */
export const clusterRuns = (folder) => running(folder).length === order.length;

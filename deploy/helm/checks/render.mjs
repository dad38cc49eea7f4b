// What Helm makes of the chart for a set of values.
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));

/** The chart's folder. */
export const chart = join(dirname(here), 'conclave');

/** The values files of a case, relative to the chart or to the folder of cases. */
const fileOf = (name) => (name.startsWith('values') ? join(chart, name) : join(here, 'cases', name));

const meetings = 'meetings';

/** Secrets and ConfigMaps that production.yaml names as the operator's own. */
const brought = [
  { name: 'brought-database', keys: ['auth', 'rooms', 'rooms-keys', 'files', 'files-keys'] },
  { name: 'brought-nats', keys: ['auth', 'rooms', 'files', 'gateway'] },
  { name: 'brought-s3', keys: ['access-key', 'secret-key'] },
  { name: 'brought-redis', keys: ['password'] },
  { name: 'brought-auth', keys: ['token-pepper', 'signing-key.pem'] },
  { name: 'brought-rooms', keys: ['token-pepper'] },
  { name: 'brought-files', keys: ['hop-token-key'] },
  { name: 'brought-rooms-kek', keys: ['v1'] },
  { name: 'brought-files-kek', keys: ['v1'] },
  { name: 'brought-livekit', keys: ['api-key', 'api-secret', 'webhook-key', 'webhook-secret', 'keys.yaml'] },
  { name: 'brought-backup', keys: ['access-key', 'secret-key', 'signing-key'] },
  { name: 'brought-restore-test', keys: ['identity'] },
  { name: 'brought-registry', keys: '*' },
];
const inNamespace = (namespace) => brought.map((each) => ({ ...each, namespace }));

const production = {
  files: ['values-production.yaml', 'production.yaml'],
  namespace: meetings,
  extraNamespaces: ['media'],
  declared: [...inNamespace(meetings), ...inNamespace('media')],
  declaredMaps: [meetings, 'media'].map((namespace) => ({ namespace, name: 'brought-authorities', keys: ['ca.crt'] })),
  network: { monitoring: true, ports: { objectStorage: [443] } },
};
const evaluation = {
  files: ['values-evaluation.yaml'],
  namespace: meetings,
  extraNamespaces: ['media'],
  declared: [],
  network: { anybodyIngress: true },
};

/**
 * What is rendered: a name, the release it is for, values files, and what the operator of such an installation brings:
 * `declared` Secrets and `declaredMaps`, and what the simulated flows must know about the values (see network.mjs).
 */
export const cases = [
  { ...evaluation, name: 'evaluation', release: 'conclave' },
  { ...production, name: 'production', release: 'conclave' },
  {
    ...production,
    name: 'everything on',
    release: 'n',
    files: [...production.files, 'everything.yaml'],
    network: { ...production.network, tracing: true, copies: true },
  },
  {
    ...evaluation,
    name: 'media: hostPort',
    release: 'true',
    files: [...evaluation.files, 'media-host-port.yaml'],
  },
  { ...evaluation, name: 'media: nodePort', release: '123', files: [...evaluation.files, 'media-node-port.yaml'] },
  {
    ...production,
    name: 'media: loadBalancer',
    release: 'a-release-name-of-fifty-three-characters-which-is-max',
    files: [...production.files, 'media-load-balancer.yaml'],
  },
  {
    ...production,
    name: 'media: external',
    release: 'conclave',
    files: [...production.files, 'media-external.yaml'],
    network: { ...production.network, ports: { ...production.network.ports, livekit: [443] } },
  },
];

/** Helm's arguments for a case. */
export const argumentsOf = ({ release, namespace, files }) => [
  release,
  chart,
  ...['--namespace', namespace],
  ...files.flatMap((file) => ['--values', fileOf(file)]),
];

/** APIs of other projects that the cases use objects of; a real cluster tells by itself. */
const apiVersions = [
  'monitoring.coreos.com/v1/ServiceMonitor',
  'monitoring.coreos.com/v1/PodMonitor',
  'monitoring.coreos.com/v1/PrometheusRule',
].flatMap((api) => ['--api-versions', api]);

/** The text that `helm template` prints for a case, tests and hooks included. */
export async function renderText(helm, each, kubeVersion = '1.36.0') {
  const set = (each.set ?? []).flatMap((one) => ['--set', one]);
  const args = ['template', ...argumentsOf(each), ...set, '--kube-version', kubeVersion, ...apiVersions];
  const { stdout } = await run(helm, args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** The objects of a render; what YAML reads in two ways (a key named twice) is refused. */
export function parse(text) {
  return parseAllDocuments(text, { uniqueKeys: true })
    .map((document) => {
      if (document.errors.length) throw new Error(`The render is no YAML: ${document.errors[0].message}`);
      return document.toJS();
    })
    .filter((object) => object !== null);
}

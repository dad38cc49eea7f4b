// The production profile: servers and Secrets are the operator's own, media servers live in a namespace of their own, and
// every object of other projects' APIs is made once on a server that knows them.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect } from '../../report.mjs';
import { Release } from '../release.mjs';

/** Secrets that deploy/helm/checks/cases/production.yaml names. kwok mounts none, so their values are only bytes. */
const brought = {
  'brought-database': ['auth', 'rooms', 'rooms-keys', 'files', 'files-keys'],
  'brought-nats': ['auth', 'rooms', 'files', 'gateway'],
  'brought-s3': ['access-key', 'secret-key'],
  'brought-redis': ['password'],
  'brought-auth': ['token-pepper', 'signing-key.pem'],
  'brought-rooms': ['token-pepper'],
  'brought-files': ['hop-token-key'],
  'brought-rooms-kek': ['v1'],
  'brought-files-kek': ['v1'],
  'brought-livekit': ['api-key', 'api-secret', 'webhook-key', 'webhook-secret', 'keys.yaml'],
  'brought-backup': ['access-key', 'secret-key', 'signing-key'],
  'brought-restore-test': ['identity'],
};

async function bring(client, namespace) {
  const value = () => randomBytes(32).toString('base64');
  await client.apply([
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'brought-authorities', namespace },
      data: { 'ca.crt': '' },
    },
    ...Object.entries(brought).map(([name, keys]) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace },
      data: Object.fromEntries(keys.map((key) => [key, value()])),
    })),
  ]);
}

async function namespaces(client, name) {
  const namespace = await client.namespace(name);
  const media = await client.namespace(`${name}-media`, 'privileged');
  await bring(client, namespace);
  await bring(client, media);
  return { namespace, media };
}

const evict = (client, namespace, name) =>
  client.kubectl(['create', '--raw', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, '-f', '-'], {
    input: JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } }),
    mayFail: true,
  });

const serving = ['auth', 'rooms', 'files', 'gateway'];
const selectorOf = (component) => `app.kubernetes.io/component=${component}`;

/** On nodes that take nothing new a second pod may not go, for the first has no successor. */
async function evictions(client, namespace, component) {
  const { items } = await client.get('-n', namespace, 'pods', '-l', selectorOf(component));
  const [first, ...others] = items.map(({ metadata }) => metadata.name);
  expect((await evict(client, namespace, first)).code === 0, 'the first eviction was refused');
  for (const name of others) {
    const refused = await evict(client, namespace, name);
    expect(
      refused.code !== 0 && /disruption budget/i.test(refused.stderr),
      `${component}: more than one pod may go at once`,
    );
  }
  return items.length;
}

async function drain(client, namespace) {
  for (const component of serving) {
    // The fewest pods come from the autoscaler, some seconds after the release.
    await client.until(`a budget of ${component} for more than one pod`, async () => {
      const budget = (await client.get('-n', namespace, 'pdb', '-l', selectorOf(component))).items[0];
      return budget?.status.disruptionsAllowed === 1 && budget.status.expectedPods >= 2;
    });
  }
  // Other parts of the run share these nodes: their pods wait some seconds.
  await client.kubectl(['cordon', '-l', 'kubernetes.io/os=linux']);
  try {
    const counts = [];
    for (const component of serving) counts.push(`${component} ${await evictions(client, namespace, component)}`);
    return counts.join(', ');
  } finally {
    await client.kubectl(['uncordon', '-l', 'kubernetes.io/os=linux']);
  }
}

async function everythingOn({ client, report, chart, cases }) {
  const { namespace, media } = await namespaces(client, 'everything');
  const values = [
    join(chart, 'values-production.yaml'),
    join(cases, 'production.yaml'),
    join(cases, 'everything.yaml'),
  ];
  const set = [`livekit.namespaceOverride=${media}`];
  const release = new Release(client, { name: 'conclave', namespace, chart, values, set });
  const check = (name, work) => report.check(`everything on: ${name}`, work);
  await check('the server takes every object, strictly', async () => {
    const args = ['template', 'conclave', chart, '-n', namespace, ...values.flatMap((file) => ['--values', file])];
    const apis = ['ServiceMonitor', 'PodMonitor', 'PrometheusRule'].map((kind) => `monitoring.coreos.com/v1/${kind}`);
    const more = [...set.flatMap((each) => ['--set', each]), ...apis.flatMap((api) => ['--api-versions', api])];
    const render = await client.helm([...args, ...more]);
    // Pods of `helm test` are admitted only once their account is there; they run below.
    const input = render
      .split(/^---$/m)
      .filter((part) => !/^kind: Pod$/m.test(part))
      .join('\n---\n');
    const words = await client.kubectl(['apply', '--dry-run=server', '--validate=strict', '-f', '-'], { input });
    return `${words.trim().split('\n').length} objects`;
  });
  const installed = await check(
    'install with objects of Gateway API, Prometheus, cert-manager, External Secrets, KEDA',
    async () => {
      await release.install();
      const kinds = [
        'httproutes',
        'tlsroutes',
        'ingresses',
        'servicemonitors',
        'prometheusrules',
        'certificates',
        'externalsecrets',
        'scaledobjects',
        'hpa',
        'cronjobs',
        'networkpolicies',
      ];
      const counts = {};
      for (const kind of kinds) {
        const own = (await client.get('-n', namespace, kind)).items.length;
        const beside = (await client.get('-n', media, kind)).items.length;
        counts[kind] = own + beside;
      }
      const none = kinds.filter((kind) => counts[kind] === 0);
      expect(none.length === 0, `nothing of ${none.join(', ')}`);
      return Object.entries(counts)
        .map(([kind, count]) => `${count} ${kind}`)
        .join(', ');
    },
  );
  if (!installed) return;
  await check('helm test', () => release.test());
  await check('uninstall', () => release.uninstall());
}

/** Runs the checks in order; each later one builds on those before. */
export async function productionChecks(lab) {
  const { client, report, chart, cases } = lab;
  const { namespace, media } = await namespaces(client, 'production');
  const values = [join(chart, 'values-production.yaml'), join(cases, 'production.yaml')];
  const set = [`livekit.namespaceOverride=${media}`];
  const release = new Release(client, { name: 'conclave', namespace, chart, values, set });
  const check = (name, work) => report.check(`production: ${name}`, work);
  const before = await release.secrets();

  const installed = await check(
    'helm install --wait, Pod Security restricted, media in its own namespace',
    async () => {
      await release.install();
      await release.settled();
      const { items } = await client.get('-n', media, 'pods');
      const strangers = items.filter(({ metadata }) => metadata.labels['app.kubernetes.io/component'] !== 'livekit');
      expect(items.length === 2 && strangers.length === 0, `${items.length} pods in the media namespace`);
      expect(new Set(items.map(({ spec }) => spec.nodeName)).size === 2, 'two media servers share a node');
    },
  );
  if (!installed) return;
  await check('checks and migrations ran as hooks before the release', async () => {
    const { items } = await client.get('-n', namespace, 'jobs');
    const hooks = items.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook']);
    const done = hooks.filter(({ status }) => status.succeeded === 1).map(({ metadata }) => metadata.name);
    for (const part of ['migrate-auth', 'migrate-rooms', 'migrate-files', 'preflight-auth', 'preflight-files']) {
      expect(
        done.some((name) => name.endsWith(part)),
        `no completed hook ${part}: ${done.join(', ')}`,
      );
    }
    const { items: deployments } = await client.get('-n', namespace, 'deployments');
    const start = Math.min(...deployments.map(({ metadata }) => Date.parse(metadata.creationTimestamp)));
    const late = hooks.filter(({ status }) => Date.parse(status.completionTime) > start);
    expect(late.length === 0, `after the release: ${late.map(({ metadata }) => metadata.name).join(', ')}`);
    return `${hooks.length} hooks`;
  });
  await check('only the media namespace would break where Pod Security is restricted', async () => {
    const label = (name) =>
      client.kubectl(
        [
          'label',
          '--dry-run=server',
          '--overwrite',
          'namespace',
          name,
          'pod-security.kubernetes.io/enforce=restricted',
        ],
        { mayFail: true },
      );
    expect(!/violate/.test((await label(namespace)).stderr), (await label(namespace)).stderr);
    expect(/violate/.test((await label(media)).stderr), 'the media servers use nothing of the host?');
  });
  await check('evictions honour every budget', () => drain(client, namespace));
  await check('what autoscaling decided is not reset by an upgrade', async () => {
    await client.kubectl(['-n', namespace, 'scale', 'deployment', 'conclave-rooms', '--replicas=4']);
    await release.upgrade({ set: ['logging.level=debug'] });
    const { spec } = await client.get('-n', namespace, 'deployment', 'conclave-rooms');
    expect(spec.replicas === 4, `replicas: ${spec.replicas}`);
  });
  await check('helm rollback --wait; the Secrets that were brought are byte-identical', async () => {
    await release.rollback(1);
    expect(JSON.stringify(await release.secrets()) === JSON.stringify(before), 'Secrets changed');
  });
  await check('helm uninstall leaves what was brought and nothing that runs', async () => {
    await release.uninstall();
    for (const each of [namespace, media]) {
      const { items } = await client.get(
        '-n',
        each,
        'deployments,statefulsets,services,networkpolicies,hpa,pdb,rolebindings',
      );
      expect(items.length === 0, `left: ${items.map(({ kind, metadata }) => `${kind}/${metadata.name}`).join(', ')}`);
    }
    expect(JSON.stringify(await release.secrets()) === JSON.stringify(before), 'Secrets changed');
  });
  await everythingOn(lab);
}

// The evaluation profile from install to uninstall, in a namespace where Pod Security is restricted.
import { join } from 'node:path';
import { expect } from '../../report.mjs';
import { Release } from '../release.mjs';

const same = (before, after) =>
  Object.keys(before)
    .filter((name) => before[name] !== after[name])
    .concat(Object.keys(after).filter((name) => !(name in before)));

async function jobs(client, namespace) {
  const { items } = await client.get('-n', namespace, 'jobs');
  return items.map(({ metadata, status }) => ({
    name: metadata.name,
    component: metadata.labels['app.kubernetes.io/component'],
    succeeded: status.succeeded ?? 0,
    finished: status.completionTime,
  }));
}

/** Runs the checks in order; each later one builds on those before. */
export async function evaluationChecks({ client, runner, report, chart }) {
  const namespace = await client.namespace('evaluation');
  const values = [join(chart, 'values-evaluation.yaml')];
  const release = new Release(client, { name: 'conclave', namespace, chart, values });
  const check = (name, work) => report.check(`evaluation: ${name}`, work);

  const installed = await check('helm install --wait, Pod Security restricted', async () => {
    const notes = await release.install();
    expect(
      /NOT FOR PRODUCTION|not for production/i.test(notes),
      'the notes do not say that this is not for production',
    );
    const unready = await release.unready();
    expect(unready.length === 0, `not ready: ${unready.join(', ')}`);
  });
  if (!installed) return;

  await check('the secrets Job ran with the rights of its own Role', async () => {
    const runs = runner.runs.filter((run) => run.namespace === namespace);
    expect(runs.length === 1 && runs[0].code === 0, JSON.stringify(runs, null, 2));
    return runs[0].words.trim().split('\n').length + ' Secrets';
  });
  await check('that Role reads no other Secret and deletes none', async () => {
    const { account } = runner.runs.find((run) => run.namespace === namespace);
    await client.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'of-others', namespace } });
    // The Role is a hook that is gone when its hooks have succeeded; a rendered one says the same.
    const rendered = await client.helm([
      'template',
      'conclave',
      chart,
      '-n',
      namespace,
      '--values',
      values[0],
      '--show-only',
      'templates/tasks/secrets-init.yaml',
    ]);
    await client.kubectl(['-n', namespace, 'apply', '-f', '-'], {
      input: rendered
        .split(/^---$/m)
        .filter((part) => /kind: (ServiceAccount|Role|RoleBinding)\n/.test(part))
        .join('\n---\n'),
    });
    const may = async (verb, name) => {
      const as = `--as=system:serviceaccount:${namespace}:${account}`;
      const args = ['auth', 'can-i', verb, name ? `secrets/${name}` : 'secrets', '-n', namespace, as];
      return (await client.kubectl(args, { mayFail: true })).stdout.trim();
    };
    expect((await may('create')) === 'yes', 'it may not create');
    expect((await may('get', 'of-others')) === 'no', 'it reads a Secret of others');
    expect((await may('list')) === 'no', 'it lists Secrets');
    expect((await may('delete', 'conclave-database')) === 'no', 'it deletes');
    await client.kubectl(['-n', namespace, 'delete', 'secret', 'of-others']);
  });
  await check('hooks and Jobs completed', async () => {
    const list = await client.until('Jobs', async () => {
      const found = await jobs(client, namespace);
      return found.length > 0 && found.every(({ succeeded }) => succeeded === 1) && found;
    });
    const components = new Set(list.map(({ component }) => component));
    for (const wanted of ['migrate', 'preflight', 'provision-databases', 'provision-storage']) {
      expect(components.has(wanted), `no Job of ${wanted}: ${[...components].join(', ')}`);
    }
    return `${list.length} Jobs`;
  });
  await check('helm test', () => release.test());

  const before = await release.secrets();
  await check('every Secret that pods name is there, with its keys', async () => {
    const { items } = await client.get('-n', namespace, 'pods');
    const { items: secrets } = await client.get('-n', namespace, 'secrets');
    const keys = new Map(secrets.map(({ metadata, data }) => [metadata.name, Object.keys(data ?? {})]));
    const missing = items.flatMap(({ metadata, spec }) =>
      (spec.volumes ?? [])
        .flatMap(({ secret, projected }) => [
          ...(secret ? [{ name: secret.secretName, items: secret.items }] : []),
          ...(projected?.sources ?? []).flatMap((source) => (source.secret ? [source.secret] : [])),
        ])
        .flatMap(({ name, items: wanted = [] }) =>
          keys.has(name)
            ? wanted.filter(({ key }) => !keys.get(name).includes(key)).map(({ key }) => `${name}/${key}`)
            : [name],
        )
        .map((what) => `${metadata.name} needs ${what}`),
    );
    expect(missing.length === 0, missing.join('\n'));
    return `${Object.keys(before).length} Secrets`;
  });
  await check('an upgrade that changes nothing restarts nothing', async () => {
    const pods = async () =>
      (
        await client.get(
          '-n',
          namespace,
          'pods',
          '-l',
          'app.kubernetes.io/component in (auth,rooms,files,gateway,livekit,nats,postgres,minio,redis)',
        )
      ).items
        .map(({ metadata }) => metadata.name)
        .sort()
        .join();
    const running = await pods();
    await release.upgrade();
    expect((await pods()) === running, 'pods were replaced');
  });
  await check('helm upgrade --wait rolls a change out', async () => {
    await release.upgrade({ set: ['rooms.replicas=2', 'logging.level=debug'] });
    const { spec } = await client.get('-n', namespace, 'deployment', 'conclave-rooms');
    expect(spec.replicas === 2, `replicas: ${spec.replicas}`);
    expect((await release.unready()).length === 0, 'not ready');
  });
  await check('Secrets are byte-identical after upgrades', async () => {
    const changed = same(before, await release.secrets());
    expect(changed.length === 0, `changed: ${changed.join(', ')}`);
  });
  await check('helm rollback --wait brings the first revision back', async () => {
    await release.rollback(1);
    const { spec } = await client.get('-n', namespace, 'deployment', 'conclave-rooms');
    expect(spec.replicas === 1, `replicas: ${spec.replicas}`);
    const changed = same(before, await release.secrets());
    expect(changed.length === 0, `Secrets changed: ${changed.join(', ')}`);
  });
  await check('a missing key is filled, and no other is touched', async () => {
    await client.kubectl([
      '-n',
      namespace,
      'patch',
      'secret',
      'conclave-files',
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/data/hop-token-key"}]',
    ]);
    const without = await release.secrets();
    await release.upgrade();
    const after = await release.secrets();
    const changed = same(without, after);
    expect(changed.join() === 'conclave-files', `changed: ${changed.join(', ') || 'nothing'}`);
  });
  await check('helm uninstall leaves the keys and nothing that runs', async () => {
    await release.uninstall();
    const { items } = await client.get(
      '-n',
      namespace,
      'deployments,statefulsets,services,networkpolicies,ingresses,poddisruptionbudgets,rolebindings,cronjobs',
    );
    const left = items.filter(({ metadata }) => !metadata.name.includes('secrets-init'));
    expect(left.length === 0, `left: ${left.map(({ kind, metadata }) => `${kind}/${metadata.name}`).join(', ')}`);
    const kept = Object.keys(await release.secrets());
    expect(
      kept.some((name) => name.endsWith('-kek')),
      'the keys that wrap data are gone',
    );
  });
  await check('installed again, it finds its data keys as they were', async () => {
    const kept = await release.secrets();
    await release.install();
    const changed = same(kept, await release.secrets());
    expect(changed.length === 0, `changed: ${changed.join(', ')}`);
    await release.uninstall();
  });
}

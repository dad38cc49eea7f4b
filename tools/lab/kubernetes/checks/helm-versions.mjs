// Helm 3 alone, and a release that Helm 3 made and Helm 4 takes over. (Helm 4 alone is what the other checks use.)
import { join } from 'node:path';
import { expect } from '../../report.mjs';
import { Release } from '../release.mjs';

/** Runs the checks of both versions. */
export async function helmChecks({ client, report, chart }) {
  const values = [join(chart, 'values-evaluation.yaml')];
  const namespace = await client.namespace('helm3');
  // Ports of nodes are taken once, and other parts run beside this one.
  const set = ['livekit.rtc.udpPort=31100', 'livekit.rtc.tcpPort=31101'];
  const three = new Release(client, { name: 'conclave', namespace, chart, values, set, major: 3 });
  const four = new Release(client, { name: 'conclave', namespace, chart, values, set, major: 4 });
  await report.check('both Helms are what they say', async () => {
    const [a, b] = [await client.helm(['version', '--short'], { major: 3 }), await client.helm(['version', '--short'])];
    expect(/^v3\./.test(a) && /^v4\./.test(b), `${a} ${b}`);
    return `${a.trim()}, ${b.trim()}`;
  });
  const installed = await report.check('Helm 3: install, upgrade, rollback', async () => {
    await three.install();
    await three.upgrade({ set: ['logging.level=debug'] });
    await three.rollback(1);
    expect((await three.unready()).length === 0, 'not ready');
  });
  if (!installed) return;
  const before = await three.secrets();
  await report.check('from Helm 3 to Helm 4: the release goes on', async () => {
    const { revision } = await four.status();
    await four.upgrade({ set: ['logging.level=warn'] });
    const status = await four.status();
    expect(status.revision === revision + 1, `revision ${status.revision} after ${revision}`);
    const env = (await client.get('-n', namespace, 'deployment', 'conclave-rooms')).spec.template.spec.containers[0]
      .env;
    expect(env.find(({ name }) => name === 'LOG_LEVEL').value === 'warn', 'the change did not arrive');
  });
  await report.check('from Helm 3 to Helm 4: Secrets are byte-identical, rollback and uninstall work', async () => {
    const after = await four.secrets();
    expect(JSON.stringify(after) === JSON.stringify(before), 'Secrets changed');
    await four.rollback(2);
    await four.uninstall();
  });
}

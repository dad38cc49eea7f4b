// Names of releases that YAML or DNS could take for something else, and the longest that Helm allows.
import { join } from 'node:path';
import { expect } from '../../report.mjs';
import { Release } from '../release.mjs';

const names = ['n', 'true', '123', 'a-release-name-of-fifty-three-characters-which-is-max'];

/** Installs, upgrades and removes the evaluation profile under each name, two of them beside each other. */
export async function nameChecks({ client, report, chart }) {
  const namespace = await client.namespace('names');
  const values = [join(chart, 'values-evaluation.yaml')];
  for (const [index, name] of names.entries()) {
    await report.check(`release name ${name} (${name.length}): install, upgrade, uninstall`, async () => {
      // Ports of nodes are taken once; beside each other, two releases need two pairs.
      const set = [`livekit.rtc.udpPort=${31000 + index * 2}`, `livekit.rtc.tcpPort=${31001 + index * 2}`];
      const release = new Release(client, { name, namespace, chart, values, set });
      await release.install();
      expect((await release.unready()).length === 0, `not ready: ${(await release.unready()).join(', ')}`);
      await release.upgrade({ set: ['logging.level=warn'] });
      if (index > 0) await release.uninstall();
    });
  }
  await report.check('a release beside four others that went is untouched', async () => {
    const release = new Release(client, { name: names[0], namespace, chart, values });
    expect((await release.unready()).length === 0, `not ready: ${(await release.unready()).join(', ')}`);
    await release.uninstall();
  });
}

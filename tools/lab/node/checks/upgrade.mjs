// Every service is replaced while requests run and two people are in a meeting.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '../../report.mjs';
import { openFrontDoor } from '../front-door.mjs';
import { startLoad } from '../load.mjs';
import { playwright } from '../playwright.mjs';

const services = ['auth', 'rooms', 'files', 'gateway'];
const change = (round) => [
  'logging.level=debug',
  ...services.map((service) => `${service}.podAnnotations.round=r${round}`),
];

const differing = (before, after) =>
  Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);

function sentence({ count, failures, p99, longest }) {
  expect(failures.length === 0, `${failures.length} of ${count} failed:\n${failures.slice(0, 12).join('\n')}`);
  expect(count > 200, `only ${count} requests were sent`);
  return `${count} requests, 0 failed, p99 ${p99.toFixed(0)} ms, longest ${longest.toFixed(0)} ms`;
}

export async function upgradeChecks({ report, release, figures, facts }) {
  const address = await release.clusterIp('gateway');
  const uidsOf = async () => new Set((await release.running()).map(({ metadata }) => metadata.uid));
  const replaced = async (before) => {
    for (const service of services)
      for (const { metadata } of await release.pods(service))
        expect(!before.has(metadata.uid), `${metadata.name} was not replaced`);
  };
  const secrets = await release.secrets();
  const first = (await release.status()).revision;

  await report.check('rolling upgrade of every service under load: 0 requests failed', async () => {
    const before = await uidsOf();
    const load = await startLoad(address);
    const began = Date.now();
    let result;
    try {
      await sleep(2_000);
      result = await release.upgrade({ set: change(1), timeout: '400s', mayFail: true });
      figures.upgradeSeconds = (Date.now() - began) / 1000;
      // Pods that were told to stop are still on their way.
      await sleep(8_000);
    } finally {
      result = { ...result, load: await load.stop() };
    }
    if (result.code !== 0) throw new Error(`${result.stderr}\n${await release.words()}`);
    await replaced(before);
    figures.upgradeLoad = result.load;
    return sentence(result.load);
  });

  await report.check('rollback under load: 0 requests failed', async () => {
    const before = await uidsOf();
    const load = await startLoad(address);
    const began = Date.now();
    let told;
    try {
      await sleep(2_000);
      await release.rollback(first, { timeout: '400s' });
      figures.rollbackSeconds = (Date.now() - began) / 1000;
      await sleep(8_000);
    } finally {
      told = await load.stop();
    }
    await replaced(before);
    return sentence(told);
  });

  await report.check(
    'a meeting of two goes on through a rolling upgrade: media, chat, every upload, nobody out, no page loaded again',
    async () => {
      const [begun, ended] = ['begun', 'ended'].map((name) => join(facts.folder, `journey-${name}`));
      for (const file of [begun, ended]) rmSync(file, { force: true });
      const door = await openFrontDoor(address);
      try {
        const journey = playwright('upgrade.spec.ts', {
          CONCLAVE_URL: door.url,
          CONCLAVE_LAB_BEGUN: begun,
          CONCLAVE_LAB_ENDED: ended,
        });
        const over = journey.then(() => true);
        while (!existsSync(begun) && !(await Promise.race([over, sleep(500, false)])));
        if (existsSync(begun)) await release.upgrade({ set: change(2), timeout: '400s' });
        await sleep(10_000);
        writeFileSync(ended, '');
        const { code, words } = await journey;
        expect(code === 0, words.split('\n').slice(-60).join('\n'));
      } finally {
        door.close();
      }
    },
  );

  // Back to what was installed: the next part changes one thing at a time.
  await release.upgrade({ timeout: '400s' });
  await report.check('credentials are byte for byte what they were before', async () => {
    const names = differing(secrets, await release.secrets());
    expect(names.length === 0, `changed: ${names.join(', ')}`);
    return `${Object.keys(secrets).length} Secrets`;
  });
}

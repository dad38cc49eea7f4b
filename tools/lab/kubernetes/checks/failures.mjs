// Changes that cannot work: they are undone or refused, and what ran before still runs.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '../../report.mjs';
import { Release } from '../release.mjs';

/** Breaks upgrades of a release in every way that Helm can undo. */
export async function failureChecks({ client, report, chart }) {
  const namespace = await client.namespace('failures');
  const values = [join(chart, 'values-evaluation.yaml')];
  // Ports of nodes are taken once, and other parts run beside this one.
  const set = ['livekit.rtc.udpPort=31200', 'livekit.rtc.tcpPort=31201'];
  const release = new Release(client, { name: 'conclave', namespace, chart, values, set });
  const installed = await report.check('failures: installed', () => release.install());
  if (!installed) return;
  const running = await release.workloads();
  const secrets = await release.secrets();
  const unchanged = async () => {
    const now = await release.workloads();
    const changed = Object.keys(running).filter((name) => now[name] !== running[name]);
    expect(changed.length === 0, `changed and not undone: ${changed.join(', ')}`);
    expect(JSON.stringify(await release.secrets()) === JSON.stringify(secrets), 'Secrets changed');
    await client.until('everything ready', async () => (await release.unready()).length === 0);
  };

  await report.check('failures: an image that is not there is rolled back, and old pods serve meanwhile', async () => {
    let least = Infinity;
    let over = false;
    const watch = (async () => {
      while (!over) {
        const { status } = await client.get('-n', namespace, 'deployment', 'conclave-gateway');
        least = Math.min(least, status.readyReplicas ?? 0);
        await sleep(500);
      }
    })();
    const result = await release.upgrade({
      set: ['gateway.image.tag=no-such-tag'],
      undoOnFailure: true,
      timeout: '8s',
      mayFail: true,
    });
    over = true;
    await watch;
    expect(result.code !== 0, 'the upgrade succeeded');
    expect(least >= 1, 'there was a moment without a gateway');
    await unchanged();
  });
  await report.check('failures: pods that never get ready are rolled back by Helm 3 too', async () => {
    const three = new Release(client, { ...release, major: 3 });
    const result = await three.upgrade({
      set: ['auth.image.tag=never-ready'],
      undoOnFailure: true,
      timeout: '8s',
      mayFail: true,
    });
    expect(result.code !== 0, 'the upgrade succeeded');
    await unchanged();
  });
  await report.check('failures: a hook that fails changes nothing', async () => {
    const result = await release.upgrade({
      set: ['migrations.mode=hook', 'rooms.image.tag=exits-1', 'logging.level=debug'],
      timeout: '60s',
      mayFail: true,
    });
    expect(result.code !== 0, 'the upgrade succeeded');
    expect(/migrate|hook/i.test(result.stderr + result.stdout), `it does not say why:\n${result.stderr}`);
    await unchanged();
  });
  await report.check('failures: after all of it an upgrade works', async () => {
    await release.upgrade({ set: ['logging.level=error'] });
    expect((await release.unready()).length === 0, 'not ready');
  });
  await refusals({ client, report, chart, namespace, values });
}

/** What is refused before anything is sent, with words that say what to do. */
async function refusals({ client, report, chart, namespace, values }) {
  const wrong = [
    ['an unknown key', ['rooms.replica=3'], /replica/],
    ['a number where a text belongs', ['publicUrl=5'], /publicUrl/],
    ['no public address', ['publicUrl='], /publicUrl/],
    ['a log level that does not exist', ['logging.level=loud'], /level/],
    ['a KEK that is active and not there', ['encryption.rooms.active=v2'], /v2|active/],
  ];
  for (const [what, set, words] of wrong) {
    await report.check(`refused at render: ${what}`, async () => {
      const args = ['template', 'conclave', chart, '-n', namespace, '--values', values[0]];
      const result = await client.helm([...args, ...set.flatMap((each) => ['--set', each])], { mayFail: true });
      expect(result.code !== 0, 'it rendered');
      expect(words.test(result.stderr), `it does not say what is wrong:\n${result.stderr}`);
    });
  }
}

// What goes wrong is told, stops where it should, and is over when its cause is.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '../../report.mjs';
import { processesOf } from '../containers.mjs';

const services = ['auth', 'rooms', 'files', 'gateway'];
const same = (before, after) => JSON.stringify(before) === JSON.stringify(after);
const encode = (text) => Buffer.from(text).toString('base64');

export async function failureChecks({ client, report, release }) {
  const ns = release.namespace;
  const allReady = async (names = services) => {
    for (const name of names) {
      const ready = await release.readiness(name);
      if (ready.length === 0 || !ready.every(Boolean)) throw new Error(`${name} is not ready`);
    }
  };
  const patchSecret = (name, key, value) =>
    release.kubectl(['patch', 'secret', name, '--type=merge', '-p', JSON.stringify({ data: { [key]: value } })]);
  const uids = async () =>
    Object.fromEntries((await release.running()).map(({ metadata }) => [metadata.name, metadata.uid]));
  const events = async () => {
    const { items } = await client.get('-n', ns, 'events');
    return items.map(({ reason, message }) => `${reason}: ${message}`);
  };
  /** Changes a release for the worse, undone by Helm; what ran must go on untouched. */
  const undone = async (set, timeout, sees) => {
    const before = { pods: await uids(), workloads: await release.workloads() };
    const changing = release.upgrade({ set, timeout, undoOnFailure: true, mayFail: true });
    let seen;
    const watching = (async () => {
      seen = await client.until('the cause', sees, parseInt(timeout, 10) + 20).catch((error) => error);
    })();
    const result = await changing;
    await watching;
    expect(result.code !== 0, 'Helm took it for good');
    if (seen instanceof Error) throw seen;
    expect(same(before.workloads, await release.workloads()), 'the workloads are not those of before');
    await client.until('the pods of before', async () => same(before.pods, await uids()), 120);
    return seen;
  };
  const containersOf = async () =>
    (await release.pods()).flatMap(({ status }) => [
      ...(status.initContainerStatuses ?? []),
      ...(status.containerStatuses ?? []),
    ]);

  await report.check('a failing hook changes nothing and says why: a well-known password in a Secret', async () => {
    const before = { pods: await uids(), workloads: await release.workloads() };
    const { data } = await client.get('-n', ns, 'secret', 'conclave-postgres');
    await patchSecret('conclave-postgres', 'password', encode('postgres'));
    try {
      const result = await release.upgrade({ set: ['logging.level=warn'], timeout: '100s', mayFail: true });
      expect(result.code !== 0, 'Helm went on');
      const log = await release.kubectl(['logs', 'job/conclave-secrets-init']);
      expect(/everybody knows/i.test(log), `the hook says: ${log}`);
      expect(same(before.workloads, await release.workloads()), 'the workloads changed');
      expect(same(before.pods, await uids()), 'pods changed');
      return log.trim().split('\n').at(-1).slice(0, 160);
    } finally {
      await patchSecret('conclave-postgres', 'password', data.password);
    }
  });

  await report.check('an image that does not exist is told, and the upgrade is undone', async () =>
    undone(['auth.image.tag=none'], '40s', async () => {
      const waiting = (await containersOf())
        .map(({ state }) => state.waiting)
        .find((each) => /ErrImagePull|ImagePullBackOff/.test(each?.reason));
      return waiting ? `${waiting.reason}` : false;
    }),
  );

  await report.check('too little memory is told as OOMKilled, and the upgrade is undone', async () =>
    undone(['files.resources.requests.memory=32Mi', 'files.resources.limits.memory=40Mi'], '60s', async () => {
      const killed = (await containersOf())
        .flatMap(({ state, lastState }) => [state.terminated, lastState.terminated])
        .find((each) => each?.reason === 'OOMKilled');
      return killed ? `OOMKilled, exit code ${killed.exitCode}` : false;
    }),
  );

  await report.check('a key that a Secret lacks is named by the pod that waits for it', async () => {
    const { data } = await client.get('-n', ns, 'secret', 'conclave-rooms');
    await release.kubectl([
      'patch',
      'secret',
      'conclave-rooms',
      '--type=json',
      '-p',
      JSON.stringify([{ op: 'remove', path: '/data/token-pepper' }]),
    ]);
    try {
      await release.kubectl(['delete', 'pod', '-l', 'app.kubernetes.io/component=rooms', '--wait=false']);
      const told = await client.until(
        'the event',
        async () =>
          (await events()).find((each) =>
            /FailedMount.*token-pepper|token-pepper.*non-existent|non-existent.*token-pepper/.test(each),
          ) ?? false,
        60,
      );
      return told.slice(0, 160);
    } finally {
      await patchSecret('conclave-rooms', 'token-pepper', data['token-pepper']);
      await client.until('rooms', () => allReady(['rooms']), 200);
    }
  });

  await report.check('NATS away: every service is not ready, none is restarted, all come back', async () => {
    const before = await release.restarts();
    await release.kubectl(['scale', 'statefulset/conclave-nats', '--replicas=0']);
    const began = Date.now();
    let gone;
    try {
      await client.until(
        'no ready address',
        async () =>
          (await Promise.all(services.map((name) => release.readyAddresses(name)))).every((list) => list.length === 0),
        90,
      );
      gone = (Date.now() - began) / 1000;
      // Longer than liveness would wait.
      await sleep(70_000);
    } finally {
      await release.kubectl(['scale', 'statefulset/conclave-nats', '--replicas=1']);
    }
    const back = Date.now();
    await client.until('all ready', () => allReady(), 120);
    const after = await release.restarts();
    for (const [name, count] of Object.entries(before))
      if (!name.includes('nats')) expect(after[name] === count, `${name} was restarted`);
    return `not ready after ${gone.toFixed(0)} s, ready ${((Date.now() - back) / 1000).toFixed(0)} s after NATS was ordered`;
  });

  await report.check('Postgres unreachable: what needs it is not ready, none is restarted, all come back', async () => {
    const before = await release.restarts();
    const [postgres] = await release.pods('postgres');
    const processes = processesOf(postgres);
    // Its volume ends with its pod, so it is held instead: as a server that hangs. Its own probe waits a minute and a half.
    for (const { pid } of processes) process.kill(pid, 'SIGSTOP');
    try {
      const needing = ['auth', 'rooms', 'files'];
      await client.until(
        'no ready address',
        async () =>
          (await Promise.all(needing.map((name) => release.readyAddresses(name)))).every((list) => list.length === 0),
        60,
      );
    } finally {
      for (const { pid } of processes) {
        try {
          process.kill(pid, 'SIGCONT');
        } catch {
          // Gone meanwhile.
        }
      }
    }
    await client.until('all ready', () => allReady(), 120);
    const after = await release.restarts();
    for (const [name, count] of Object.entries(before)) expect(after[name] === count, `${name} was restarted`);
  });

  await report.check('a pod of every service is killed: others take its place', async () => {
    const before = await uids();
    for (const name of services)
      await release.kubectl([
        'delete',
        'pod',
        '-l',
        `app.kubernetes.io/component=${name}`,
        '--grace-period=0',
        '--force',
      ]);
    const began = Date.now();
    await client.until('all ready', () => allReady(), 180);
    const after = await uids();
    for (const name of Object.keys(before).filter((each) =>
      services.some((service) => each.startsWith(`conclave-${service}-`)),
    ))
      expect(!(name in after), `${name} is still there`);
    return `all ready after ${((Date.now() - began) / 1000).toFixed(0)} s`;
  });

  await report.check('a process that crashes is started again in its pod', async () => {
    const [pod] = await release.pods('gateway');
    const first = processesOf(pod).find(({ insidePid }) => insidePid === 1);
    process.kill(first.pid, 'SIGKILL');
    await client.until('a restart', async () => (await release.restarts())[pod.metadata.name] === 1, 60);
    await client.until('the gateway', () => allReady(['gateway']), 120);
  });
}

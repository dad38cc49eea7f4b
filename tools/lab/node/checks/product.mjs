// The whole product comes up in real pods, and the pods are what the chart says they are.
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { spawn } from 'node:child_process';
import { expect } from '../../report.mjs';
import { processesOf } from '../containers.mjs';

const services = ['auth', 'rooms', 'files', 'gateway'];
const noCapabilities = /^0+$/;

/** Asks for a page; answers status and headers. */
const ask = (url) =>
  new Promise((resolve, reject) => {
    get(url, { timeout: 5_000 }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve({ status: answer.statusCode, headers: answer.headers }));
    }).once('error', reject);
  });

const seconds = (from, to) => (new Date(to) - new Date(from)) / 1000;

/** Seconds from the start of a pod's main container until the pod was ready. */
function startOf({ metadata, status }) {
  const began = status.containerStatuses[0].state.running?.startedAt;
  const ready = status.conditions.find(({ type }) => type === 'Ready')?.lastTransitionTime;
  return { container: seconds(began, ready), pod: seconds(metadata.creationTimestamp, ready) };
}

export async function productChecks({ client, release, report, figures, facts }) {
  const installed = await report.check(
    'helm install --wait of the evaluation profile, Pod Security restricted',
    async () => {
      const began = Date.now();
      const result = await release.install({ timeout: '400s', mayFail: true });
      if (result.code !== 0) throw new Error(`${result.stderr.trim()}\n${await release.words()}`);
      const unready = await release.unready();
      expect(unready.length === 0, `not ready: ${unready.join(', ')}`);
      figures.installSeconds = (Date.now() - began) / 1000;
      return `${(await release.running()).length} pods`;
    },
  );
  if (!installed) return;

  await report.check(
    'every Job of the release ended well: Secrets, databases, storage, migrations, preflight',
    async () => {
      const words = await client
        .until(
          'the Jobs',
          async () => {
            const { items } = await client.get('-n', release.namespace, 'jobs');
            const open = items.filter(({ status }) => status.succeeded !== 1);
            if (open.length) throw new Error(`open: ${open.map(({ metadata }) => metadata.name).join(', ')}`);
            return `${items.length} Jobs`;
          },
          240,
        )
        .catch(async (error) => {
          throw new Error(`${error.message}\n${await release.words()}`);
        });
      return words;
    },
  );

  const pods = await release.running();
  await report.check(
    'uid 10001 (Postgres 999), no capability, seccomp, no new privileges, read-only root in every container',
    async () => {
      let count = 0;
      for (const pod of pods) {
        const name = pod.metadata.name;
        const component = pod.metadata.labels['app.kubernetes.io/component'];
        const uid = component === 'postgres' ? 999 : 10001;
        const processes = processesOf(pod);
        expect(processes.length > 0, `${name} has no process`);
        for (const each of processes) {
          const who = `${name} (${each.name})`;
          expect(
            [...each.uids, ...each.gids].every((id) => id === uid),
            `${who} runs as ${each.uids} ${each.gids}`,
          );
          expect(
            each.capabilities.every((set) => noCapabilities.test(set)),
            `${who} has capabilities ${each.capabilities}`,
          );
          expect(each.seccomp, `${who} has no seccomp filter`);
          expect(each.noNewPrivileges, `${who} may gain privileges`);
          expect(each.readOnlyRoot, `${who} can write to its root`);
          count++;
        }
      }
      return `${count} processes`;
    },
  );

  await report.check('services can write to /tmp and nowhere else, and hold no token of the API server', async () => {
    const script = `const fs = require('node:fs');
      const can = (path) => { try { fs.writeFileSync(path, 'x'); fs.rmSync(path); return true; } catch (error) { return error.code; } };
      console.log(JSON.stringify({ tmp: can('/tmp/x'), app: can('/app/x'), dist: can('dist/x'), etc: can('/etc/x'), secrets: can('/etc/conclave/secrets/x'),
        token: fs.existsSync('/var/run/secrets/kubernetes.io'), node: process.version }))`;
    let version;
    for (const service of services) {
      const found = JSON.parse(await release.exec(service, script));
      expect(found.tmp === true, `${service}: /tmp says ${found.tmp}`);
      for (const path of ['app', 'dist', 'etc', 'secrets'])
        expect(['EROFS', 'EACCES', 'ENOENT'].includes(found[path]), `${service}: ${path} says ${found[path]}`);
      expect(!found.token, `${service} holds a token`);
      version = found.node;
    }
    return `Node ${version}`;
  });

  await report.check('probes of every container hold, and nothing was restarted', async () => {
    for (const pod of pods) {
      for (const container of pod.spec.containers) {
        expect(container.livenessProbe && container.readinessProbe, `${pod.metadata.name} lacks a probe`);
      }
    }
    const restarts = Object.entries(await release.restarts()).filter(([, count]) => count > 0);
    expect(restarts.length === 0, `restarted: ${restarts.map(([name, count]) => `${name} ${count}`).join(', ')}`);
  });

  await report.check('the service is process 1 of its container and hears SIGTERM', () => {
    for (const pod of pods.filter(({ metadata }) =>
      services.includes(metadata.labels['app.kubernetes.io/component']),
    )) {
      const first = processesOf(pod).find(({ insidePid }) => insidePid === 1);
      expect(first, `${pod.metadata.name} has no process 1`);
      const caught = BigInt(`0x${/^SigCgt:\s+(\w+)/m.exec(readFileSync(`/proc/${first.pid}/status`, 'utf8'))[1]}`);
      expect(((caught >> 14n) & 1n) === 1n, `${pod.metadata.name} does not hear SIGTERM`);
    }
  });

  await report.check(
    'helm test: the web app, the health of every service, the media server, preflight again',
    async () => {
      const result = await release.test({ mayFail: true });
      if (result.code !== 0) throw new Error(`${result.stderr.trim()}\n${await release.words()}`);
    },
  );

  await report.check('as the notes say: kubectl port-forward, and http://localhost answers with the app', async () => {
    const forward = spawn(
      facts.bin.kubectl,
      ['-n', release.namespace, 'port-forward', 'service/conclave-gateway', '8088:8080'],
      { env: client.env, stdio: 'ignore' },
    );
    try {
      const page = await client.until('the forwarded port', () => ask('http://localhost:8088/'), 20);
      expect(page.status === 200, `the page says ${page.status}`);
      expect(page.headers['content-security-policy'], 'the page has no content security policy');
    } finally {
      forward.kill();
    }
  });

  await report.check('names and Services lead to the pods: each service is ready by its name', async () => {
    const script = `Promise.all(${JSON.stringify(services)}.map(async (name) => [name, (await fetch('http://conclave-' + name + ':9090/readyz')).status]))
      .then((all) => console.log(JSON.stringify(all)))`;
    for (const [name, status] of JSON.parse(await release.exec('gateway', script)))
      expect(status === 200, `${name} says ${status}`);
  });

  figures.starts = Object.fromEntries(
    pods.map((pod) => [pod.metadata.labels['app.kubernetes.io/component'], startOf(pod)]),
  );
  figures.podMemory = Object.fromEntries(
    pods.map((pod) => [
      pod.metadata.labels['app.kubernetes.io/component'],
      Math.round(processesOf(pod).reduce((sum, { memoryMiB }) => sum + memoryMiB, 0)),
    ]),
  );
  for (const [name, { container, pod }] of Object.entries(figures.starts))
    report.say(
      `${name.padEnd(9)} ready ${container} s after its container began (pod ${pod} s), ${figures.podMemory[name]} MiB`,
    );
}

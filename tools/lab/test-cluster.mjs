// `npm run test:cluster`: the chart's checks that need no server, and the chart on a real Kubernetes API server of the
// lab's own, on loopback. Words after it choose parts: chart, evaluation, production, names, helm, failures.
// Ends with one line: `N passed, N failed[, N skipped]`.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolsOf } from './go/build.mjs';
import { Client } from './kubernetes/client.mjs';
import { clusterTools, startCluster } from './kubernetes/cluster.mjs';
import { crdFolder } from './kubernetes/crds.mjs';
import { SecretsJobRunner } from './kubernetes/secrets-job.mjs';
import { evaluationChecks } from './kubernetes/checks/evaluation.mjs';
import { productionChecks } from './kubernetes/checks/production.mjs';
import { nameChecks } from './kubernetes/checks/names.mjs';
import { helmChecks } from './kubernetes/checks/helm-versions.mjs';
import { failureChecks } from './kubernetes/checks/failures.mjs';
import { labChecks } from './kubernetes/checks/lab.mjs';
import { Report } from './report.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
process.chdir(root);

const parts = {
  evaluation: evaluationChecks,
  production: productionChecks,
  names: nameChecks,
  helm: helmChecks,
  failures: failureChecks,
};
/** Parts spend their time waiting for Helm: those in different lanes go on beside each other, in namespaces of their own. */
const lanes = [['evaluation', 'helm'], ['production', 'failures'], ['names']];
const only = process.argv.slice(2);
const wanted = (name) => only.length === 0 || only.includes(name);
const unknown = only.filter((name) => name !== 'chart' && !(name in parts));
if (unknown.length) {
  console.error(`No such part: ${unknown.join(', ')}. Parts: chart, ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}

const report = new Report();
let cluster;
let runner;

async function end() {
  await runner?.stop();
  await cluster?.stop();
  cluster = undefined;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => void end().finally(() => process.exit(130)));
}

/** The chart's own checks are a program of their own, which runs beside the server; its lines come at its end. */
function chartChecks() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'deploy/helm/checks/run.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', () => {
      console.log(output.trimEnd());
      const counts = /(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/.exec(output);
      if (!counts) return reject(new Error('the checks of the chart came to no end'));
      const [passed, failed, skipped] = counts.slice(1).map((each) => Number(each ?? 0));
      report.add({ passed, failed, skipped });
      resolve();
    });
  });
}

/** One part of the checks; where what they build on fails, the others are still made. */
async function part(name, lab) {
  try {
    await parts[name](lab);
  } catch (error) {
    report.failed++;
    console.log(`FAIL ${name} came to an end: ${error.stack ?? error}`);
  }
}

async function onTheServer() {
  const say = (line) => report.say(line);
  const bin = {
    ...(await toolsOf(`kubernetes:${clusterTools.join(',')},helm`, say)),
    ...(await toolsOf('helm3', say)),
  };
  const crds = await crdFolder(say);
  const began = Date.now();
  cluster = await startCluster({ bin, say });
  report.say(`Kubernetes ${cluster.version} up in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  const client = new Client(cluster, bin);
  runner = new SecretsJobRunner(client);
  const lab = {
    client,
    runner,
    report,
    crds,
    chart: join(root, 'deploy/helm/conclave'),
    cases: join(root, 'deploy/helm/checks/cases'),
  };
  if (!(await labChecks(lab))) return;
  await Promise.all(
    lanes.map(async (lane) => {
      for (const name of lane.filter(wanted)) await part(name, lab);
    }),
  );
  const memory = cluster.memory();
  const sum = Object.values(memory).reduce((total, each) => total + each, 0);
  report.say(
    `memory ${sum} MiB: ${Object.entries(memory)
      .map(([name, each]) => `${name} ${each}`)
      .join(', ')}`,
  );
}

try {
  const results = await Promise.allSettled([
    wanted('chart') ? chartChecks() : undefined,
    Object.keys(parts).some(wanted) ? onTheServer() : undefined,
  ]);
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
} catch (error) {
  report.failed++;
  console.log(`FAIL the run came to an end: ${error.stack ?? error}`);
} finally {
  await end();
}
process.exitCode = report.end();

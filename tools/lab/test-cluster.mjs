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

/** The chart's own checks are a program of their own; its last line counts here. */
function chartChecks() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'deploy/helm/checks/run.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let last = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      process.stdout.write(chunk);
      last = `${last}${chunk}`.slice(-200);
    });
    child.once('error', reject);
    child.once('close', () => {
      const counts = /(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/.exec(last);
      if (!counts) return reject(new Error('the checks of the chart came to no end'));
      const [, passed, failed, skipped = 0] = counts.map(Number);
      report.add({ passed, failed, skipped: skipped || 0 });
      resolve();
    });
  });
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
  for (const [name, checks] of Object.entries(parts).filter(([each]) => wanted(each))) {
    try {
      await checks(lab);
    } catch (error) {
      // What the checks of a part build on failed: the others are still made.
      report.failed++;
      console.log(`FAIL ${name} came to an end: ${error.stack ?? error}`);
    }
  }
  const memory = cluster.memory();
  const sum = Object.values(memory).reduce((total, each) => total + each, 0);
  report.say(
    `memory ${sum} MiB: ${Object.entries(memory)
      .map(([name, each]) => `${name} ${each}`)
      .join(', ')}`,
  );
}

try {
  if (wanted('chart')) await chartChecks();
  if (Object.keys(parts).some(wanted)) await onTheServer();
} catch (error) {
  report.failed++;
  console.log(`FAIL the run came to an end: ${error.stack ?? error}`);
} finally {
  await end();
}
process.exitCode = report.end();

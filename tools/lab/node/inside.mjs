// Runs inside the namespaces of isolated.sh: starts the node, runs the parts, ends the node, and leaves what it found in
// <folder>/results.json.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { Client } from '../kubernetes/client.mjs';
import { Report } from '../report.mjs';
import { valuesFiles } from './chart.mjs';
import { LabRelease } from './lab-release.mjs';
import { startNode } from './node.mjs';
import { productChecks } from './checks/product.mjs';
import { journeyChecks } from './checks/journey.mjs';
import { upgradeChecks } from './checks/upgrade.mjs';
import { failureChecks } from './checks/failures.mjs';

const facts = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const checks = { product: productChecks, journey: journeyChecks, upgrade: upgradeChecks, failures: failureChecks };

/** A report that remembers what it told, for the page of evidence. */
class RememberingReport extends Report {
  rows = [];

  async check(name, work) {
    const since = Date.now();
    let words;
    const passed = await super.check(name, async () => (words = await work()));
    this.rows.push({
      name,
      passed,
      words: typeof words === 'string' ? words : '',
      seconds: (Date.now() - since) / 1000,
    });
    return passed;
  }
}

const report = new RememberingReport();
const figures = {};
let node;
try {
  const folder = join(facts.folder, 'node');
  mkdirSync(folder);
  node = await startNode({ ...facts, folder, say: (line) => report.say(line) });
  figures.node = node.times;
  figures.loadAverage = loadavg();
  const client = new Client(node, facts.bin);
  const namespace = await client.namespace('conclave');
  const release = new LabRelease(client, {
    name: 'conclave',
    namespace,
    chart: facts.chart,
    values: valuesFiles(facts.chart),
  });
  const lab = { client, release, report, figures, node, facts };
  await checks.product(lab);
  for (const part of facts.parts.filter((each) => each !== 'product')) {
    if (!(await release.isThere())) break;
    try {
      await checks[part](lab);
    } catch (error) {
      report.failed++;
      report.rows.push({ name: part, passed: false, words: error.message, seconds: 0 });
      console.log(`FAIL ${part} came to an end: ${error.stack ?? error}`);
    }
  }
  figures.memory = node.memory();
  figures.version = node.version;
} catch (error) {
  report.failed++;
  console.log(`FAIL the node came to an end: ${error.stack ?? error}`);
} finally {
  if (process.env.CONCLAVE_LAB_SHELL && node) {
    // For a person who looks around: nsenter -t <pid> -a, or kubectl through the kubeconfig from in there.
    report.say(`the node stays for ${process.env.CONCLAVE_LAB_SHELL} s; KUBECONFIG=${node.kubeconfig}`);
    await new Promise((resolve) => setTimeout(resolve, Number(process.env.CONCLAVE_LAB_SHELL) * 1000));
  }
  await node?.stop();
  const { passed, failed, skipped, rows } = report;
  writeFileSync(join(facts.folder, 'results.json'), JSON.stringify({ passed, failed, skipped, rows, figures }));
}
process.exit(report.failed ? 1 : 0);

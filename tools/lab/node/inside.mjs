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
import { backupChecks } from './checks/backup.mjs';
import { upgradeChecks } from './checks/upgrade.mjs';
import { failureChecks } from './checks/failures.mjs';

const facts = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const checks = {
  product: productChecks,
  journey: journeyChecks,
  backup: backupChecks,
  upgrade: upgradeChecks,
  failures: failureChecks,
};

const figures = {};

/** A report that keeps what it told in the folder, after each check: a run that is cut short leaves what it found. */
class RememberingReport extends Report {
  rows = [];

  async check(name, work) {
    const since = Date.now();
    let words = '';
    const passed = await super.check(name, async () => {
      try {
        return (words = await work());
      } catch (error) {
        words = String(error.message).split('\n')[0];
        throw error;
      }
    });
    this.rows.push({ name, passed, words: words ?? '', seconds: (Date.now() - since) / 1000 });
    this.keep(false);
    return passed;
  }

  /** A part or the node that broke off. */
  broke(name, error) {
    this.failed++;
    this.rows.push({ name, passed: false, words: String(error.message).split('\n')[0], seconds: 0 });
    console.log(`FAIL ${name} came to an end: ${error.stack ?? error}`);
  }

  keep(complete) {
    const { passed, failed, skipped, rows } = this;
    const results = { complete, passed, failed, skipped, rows, figures };
    writeFileSync(join(facts.folder, 'results.json'), JSON.stringify(results));
  }
}

const report = new RememberingReport();
let node;
try {
  const folder = join(facts.folder, 'node');
  mkdirSync(folder);
  node = await startNode({ ...facts, folder, say: (line) => report.say(line) });
  figures.node = node.times;
  figures.version = node.version;
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
      report.broke(part, error);
    }
  }
  figures.memory = node.memory();
} catch (error) {
  report.broke('the node', error);
} finally {
  if (process.env.CONCLAVE_LAB_SHELL && node) {
    // For a person who looks around: nsenter -t <pid> -a, or kubectl through the kubeconfig from in there.
    report.say(`the node stays for ${process.env.CONCLAVE_LAB_SHELL} s; KUBECONFIG=${node.kubeconfig}`);
    await new Promise((resolve) => setTimeout(resolve, Number(process.env.CONCLAVE_LAB_SHELL) * 1000));
  }
  await node?.stop();
  report.keep(true);
}
process.exit(report.failed ? 1 : 0);

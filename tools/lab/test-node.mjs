// `npm run test:node`: the chart's evaluation profile on a real node of Kubernetes, in containers, with people in Chromium.
// Needs root on Linux and a container engine to build images; runs in namespaces of its own, and checks that nothing of it
// is left outside. Options:
//   --report        writes docs/evidence/node-lab.md
//   --keep-images   takes the product's images as they are, where they are there
//   words           parts to run: product, journey, upgrade, failures (all without a word)
// Ends with one line: `N passed, N failed[, N skipped]`.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolsOf } from './go/build.mjs';
import { labCache } from './go/cache.mjs';
import { imagesOfChart } from './node/chart.mjs';
import { commitOf, writeEvidence } from './node/evidence.mjs';
import { imageArchive } from './node/images.mjs';
import { differences, machineNow, putBack } from './node/machine.mjs';
import { partNames } from './node/parts.mjs';
import { missingHere } from './node/programs.mjs';
import { pauseImage } from './node/settings.mjs';
import { Report, expect } from './report.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
process.chdir(root);

const words = process.argv.slice(2);
const flags = new Set(words.filter((word) => word.startsWith('--')));
const parts = words.filter((word) => !word.startsWith('--'));
const unknown = [
  ...[...flags].filter((flag) => !['--report', '--keep-images'].includes(flag)),
  ...parts.filter((part) => !partNames.includes(part)),
];
if (unknown.length) {
  console.error(`No such option or part: ${unknown.join(', ')}. Parts: ${partNames.join(', ')}`);
  process.exit(2);
}
const missing = missingHere();
if (missing.length) {
  console.error(`The node lab cannot run here.\n${missing.map((each) => `  ${each}`).join('\n')}`);
  process.exit(2);
}

const commit = commitOf(root);
const report = new Report();
const say = (line) => report.say(line);
const folder = mkdtempSync(join(tmpdir(), 'conclave-lab-node-'));
let inside;

/** Runs everything that touches mounts and networks, apart from the machine; it leaves its results in the folder. */
function runInside(facts) {
  writeFileSync(join(folder, 'facts.json'), JSON.stringify(facts));
  return new Promise((resolve, reject) => {
    inside = spawn(
      join(here, 'node/isolated.sh'),
      [process.execPath, join(here, 'node/inside.mjs'), join(folder, 'facts.json')],
      {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, CONCLAVE_LAB_OUTSIDE: readlinkSync('/proc/self/ns/pid') },
      },
    );
    inside.once('error', reject);
    inside.once('close', resolve);
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  // With its first process everything in the namespace ends; what follows puts the machine back.
  process.on(signal, () => inside?.kill('SIGKILL'));
}

const before = machineNow(folder);
let results;
try {
  const bin = {
    ...(await toolsOf('kubernetes:etcd,kube-apiserver,kube-controller-manager,kube-scheduler,kubectl,helm', say)),
    ...(await toolsOf('kubernetes:kubelet,kube-proxy', say)),
    ...(await toolsOf('coredns', say)),
  };
  // A copy: whoever works on the chart meanwhile does not upgrade this release.
  const chart = join(folder, 'chart');
  cpSync(join(root, 'deploy/helm/conclave'), chart, { recursive: true });
  const references = [...(await imagesOfChart({ chart, helm: bin.helm })), pauseImage, 'localhost/coredns:lab'];
  const archive = await imageArchive({ references, bin, keepOurs: flags.has('--keep-images'), say });
  const code = await runInside({
    folder,
    bin,
    chart,
    archive,
    parts: parts.length ? parts : partNames,
    store: join(labCache(), 'node-store'),
  });
  results = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
  report.add(results);
  expect(results.complete, 'it was cut short');
  expect(code === 0 || results.failed > 0, `the lab ended with ${code}`);
} catch (error) {
  report.failed++;
  console.log(`FAIL the run came to an end: ${error.stack ?? error}`);
} finally {
  putBack(before);
}

const left = 'mounts, interfaces, rules, settings, folders, control groups and processes are as they were';
const clean = await report.check(left, () => {
  const after = machineNow(folder);
  const names = differences(before, after);
  expect(names.length === 0, names.map((name) => `${name}: ${JSON.stringify(after[name])}`).join('\n'));
});
if (results) {
  results.rows.push({ name: left, passed: clean });
  if (flags.has('--report')) await writeEvidence({ root, commit, results, report });
}
if (process.env.CONCLAVE_LAB_KEEP) say(`kept ${folder}`);
else rmSync(folder, { recursive: true, force: true });
process.exitCode = report.end();

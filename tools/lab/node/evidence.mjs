// Writes the page that keeps the last report of the node lab.
import { execFileSync } from 'node:child_process';
import { cpus, release as kernel, totalmem } from 'node:os';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { programPath } from './programs.mjs';

const said = (command, args) => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
};

const cell = (text) =>
  String(text ?? '')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')
    .slice(0, 220);
const row = (...cells) => `| ${cells.map(cell).join(' | ')} |`;
const table = (head, rows) =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((each) => row(...each))].join('\n');
const one = (value) => (value === undefined ? '' : value.toFixed(1));

/** What is checked out now; ask before the images are built from it. */
export const commitOf = (root) => said('git', ['-C', root, 'rev-parse', '--short', 'HEAD']);

/** Writes docs/evidence/node-lab.md. */
export async function writeEvidence({ root, commit, results, report }) {
  const { rows, figures } = results;
  const osName = /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  const containerd = said(programPath('containerd'), ['--version']).split(' ')[2];
  const starts = Object.entries(figures.starts ?? {});
  const text = `# Node lab: last report

Written by \`npm run test:node -- --report\` on ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${commit}; not by hand.
The chart's evaluation profile on one real node: containers, kubelet, kube-proxy and names, nothing pretended. The product's
images are built from the tree. The servers are stand-ins under the names of the official images: NATS, LiveKit and MinIO are
the programs that \`npm start\` runs, Postgres and Redis are Debian's.

${table(
  ['what', 'version'],
  [
    ['Kubernetes (API server, controllers, scheduler, kubelet, kube-proxy)', figures.version],
    ['containerd', containerd],
    ['runc', said(programPath('runc'), ['--version']).split('\n')[0].split(' ').at(-1)],
    ['Machine', `${osName}, Linux ${kernel()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`],
    ['Chromium', said('chromium', ['--version']).split(' ')[1]],
  ],
)}

## Checks

${report.passed} passed, ${report.failed} failed${report.skipped ? `, ${report.skipped} skipped` : ''}${results.complete ? '' : '; the run was cut short'}.

${table(
  ['', 'check', 'seconds', 'seen'],
  rows.map(({ name, passed, words, seconds }) => [passed ? 'ok' : 'FAILED', name, one(seconds), words]),
)}

## Figures

${table(
  ['part', 'container start to ready (s)', 'pod made to ready (s)', 'memory, idle (MiB)'],
  starts.map(([name, { container, pod }]) => [name, container, pod, figures.podMemory[name]]),
)}

Kubernetes tells times in whole seconds. All pods start at once, and services wait for their schemas. The load average of the
machine was ${figures.loadAverage?.map((each) => each.toFixed(1)).join(', ')} when the node was up; what is above its number of cores
was other work, and times are longer by it.

${table(
  ['what', 'figure'],
  [
    [
      'containerd with all images, API server ready, node Ready, names served (s)',
      ['images', 'api', 'node', 'dns'].map((name) => one(figures.node?.[name])).join(', '),
    ],
    ['helm install --wait (s)', one(figures.installSeconds)],
    ['rolling upgrade of every service under load (s)', one(figures.upgradeSeconds)],
    [
      'requests meanwhile: sent, failed, p99 (ms), longest (ms)',
      figures.upgradeLoad
        ? [
            figures.upgradeLoad.count,
            figures.upgradeLoad.failures.length,
            one(figures.upgradeLoad.p99),
            one(figures.upgradeLoad.longest),
          ].join(', ')
        : '',
    ],
    ['rollback under load (s)', one(figures.rollbackSeconds)],
    [
      'memory of the node itself (MiB)',
      Object.entries(figures.memory ?? {})
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ],
  ],
)}

Not covered here: NetworkPolicies are stored and not enforced (no controller for them runs), no Ingress or load balancer,
no pulls of images, one node.
`;
  const folder = join(root, 'docs/evidence');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'node-lab.md');
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
}

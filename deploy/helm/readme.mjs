// Makes conclave/README.md from values.yaml: `node deploy/helm/readme.mjs`, with --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chart, valuesKeys } from './values-keys.mjs';

const start = `# Conclave on Kubernetes

Video meetings and sealed file sharing in private rooms: four services, one media server, on your own cluster (Kubernetes
1.30 and newer, Helm 3.17 and newer or 4). This file is made from \`values.yaml\` by \`node deploy/helm/readme.mjs\`.

## A look at it

\`\`\`
helm install conclave deploy/helm/conclave -f deploy/helm/conclave/values-evaluation.yaml --wait --timeout 10m
kubectl port-forward service/conclave-gateway 8080:8080
\`\`\`

and http://localhost:8080. Everything runs inside, once each; credentials are made at random. Not for production.

## In production

Postgres, NATS, Redis and S3 are yours. Make the Secrets, fill in \`values-production.yaml\`, and

\`\`\`
helm install conclave deploy/helm/conclave -n conclave -f values-production.yaml -f your-own.yaml --wait --timeout 15m
helm test conclave -n conclave --logs
\`\`\`

What is missing or cannot work is told at once and in whole sentences, before anything reaches the cluster.

| question                             | answer                                                                                                                        |
| ------------------------------------ | ----------------------------------------------------------------------------------------------------------------------------- |
| Where do credentials come from?      | \`existingSecret\` of each section; else \`secretsInit\` makes what is missing once, or \`externalSecrets\` fetches it. Values never hold one. |
| When do migrations run?              | \`migrations.mode\`: \`hook\` before the release, \`job\` beside it, \`external\` by you.                                           |
| How does media reach the pods?       | \`livekit.mode\`: \`hostNetwork\`, \`hostPort\`, \`nodePort\` (where Pod Security is restricted), \`loadBalancer\`, \`external\`.        |
| Who may talk to whom?                | \`files/ports.yaml\`, the one table of ports; NetworkPolicies are made from it, both ways.                                       |
| Which images does a mirror need?     | \`images.txt\`; then \`global.imageRegistry\`, or digests.                                                                       |
| What stays after \`helm uninstall\`?   | Secrets that \`secretsInit\` made and volumes of bundled servers, on purpose; for a day the log of its job.                                                 |
| Helm 4 says \`conflict\`?              | Somebody changed an object by hand; \`--force-conflicts\` takes it back.                                                         |
| More than one release in a namespace | works: every name begins with the release's.                                                                                  |

`;

const escape = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const shown = (value) => (value === null || value === '' ? '""' : JSON.stringify(value));

/** The README, as text. */
export function readme(keys = valuesKeys()) {
  const groups = new Map();
  for (const key of keys) {
    const [top] = key.path;
    if (!groups.has(top)) groups.set(top, []);
    groups.get(top).push(key);
  }
  const single = [...groups].filter(([, members]) => members.length === 1).map(([, [key]]) => key);
  const table = (rows) =>
    [
      '| key | default | what it does |',
      '| --- | --- | --- |',
      ...rows.map(({ name, value, words }) => `| \`${name}\` | \`${escape(shown(value))}\` | ${escape(words)} |`),
    ].join('\n');
  const sections = [...groups]
    .filter(([, members]) => members.length > 1)
    .map(([top, [head, ...members]]) => {
      const notes = members
        .filter(({ group, words }) => group && words)
        .map(({ name, words }) => `\`${name}\`: ${words}`);
      const text = [head.words, ...notes].filter(Boolean).join('\n\n');
      return `### ${top}\n\n${text ? `${text}\n\n` : ''}${table(members.filter(({ group }) => !group))}\n`;
    });
  return `${start}## Values\n\n${table(single)}\n\n${sections.join('\n')}`;
}

const file = join(chart, 'README.md');
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== readme()) {
    console.error('The README of the chart does not follow values.yaml: node deploy/helm/readme.mjs');
    process.exit(1);
  }
} else {
  writeFileSync(file, readme());
}

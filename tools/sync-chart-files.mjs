// Helm reads only files inside of a chart: copies alerts and dashboards into deploy/helm/conclave/files (`--check`: writes nothing
// and fails where a copy differs).
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const wrong = [];

for (const [name, extension] of [
  ['alerts', '.yaml'],
  ['dashboards', '.json'],
]) {
  const from = join(root, 'deploy/observability', name);
  const to = join(root, 'deploy/helm/conclave/files', name);
  const files = readdirSync(from).filter((file) => file.endsWith(extension));
  if (!check) mkdirSync(to, { recursive: true });
  for (const file of files) {
    const content = readFileSync(join(from, file));
    if (existsSync(join(to, file)) && readFileSync(join(to, file)).equals(content)) continue;
    wrong.push(`${name}/${file}`);
    if (!check) writeFileSync(join(to, file), content);
  }
  for (const file of existsSync(to) ? readdirSync(to) : []) {
    if (files.includes(file)) continue;
    wrong.push(`${name}/${file}`);
    if (!check) rmSync(join(to, file));
  }
}
if (check && wrong.length) {
  console.error(`the chart's copies differ: ${wrong.join(', ')}. Run: node tools/sync-chart-files.mjs`);
  process.exitCode = 1;
}

// Makes conclave/images.txt, what a mirror must hold: `node deploy/helm/images.mjs`, with --check it only compares.
// HELM names another helm than the one in PATH.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { chart } from './values-keys.mjs';

// The evaluation profile runs everything that the chart has; backups come on top.
const backup = {
  'backup.enabled': true,
  'backup.destination.endpoint': 'https://copies.invalid',
  'backup.destination.bucket': 'copies',
  'backup.existingSecret': 'copies',
  'backup.recipients[0]': 'age1x',
};

function imagesIn(value, found) {
  if (Array.isArray(value)) for (const each of value) imagesIn(each, found);
  else if (value && typeof value === 'object') {
    for (const [key, each] of Object.entries(value)) {
      if (key === 'image' && typeof each === 'string') found.add(each);
      else imagesIn(each, found);
    }
  }
  return found;
}

const args = Object.entries(backup).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
const text = execFileSync(
  process.env.HELM ?? 'helm',
  ['template', 'conclave', chart, '--values', join(chart, 'values-evaluation.yaml'), ...args],
  { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
);
const images = imagesIn(
  parseAllDocuments(text).map((document) => document.toJS()),
  new Set(),
);
const made = `# Every image of the chart, made from its render by deploy/helm/images.mjs. Mirror these, then set global.imageRegistry.\n${[...images].sort().join('\n')}\n`;
/** What stands in two places and must be one: the servers that `npm start` runs, and the release. */
function differences() {
  const root = join(chart, '../../..');
  const read = (path) => readFileSync(join(root, path), 'utf8');
  const { version } = JSON.parse(read('package.json'));
  const pins = [...read('libs/servers/src/pins.ts').matchAll(/ image: '([^']+)'/g)].map(([, image]) => image);
  return [
    ...(read('deploy/helm/conclave/Chart.yaml').includes(`appVersion: "${version}"`)
      ? []
      : [`appVersion of Chart.yaml is not ${version}, the version of package.json`]),
    // Postgres may be older under npm start, which takes what the machine has.
    ...pins
      .filter((image) => !/^postgres:/.test(image) && !images.has(image))
      .map((image) => `libs/servers pins ${image}, which the chart does not run`),
  ];
}

const file = join(chart, 'images.txt');
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== made) {
    console.error('images.txt does not follow the chart: node deploy/helm/images.mjs');
    process.exit(1);
  }
  const problems = differences();
  for (const problem of problems) console.error(problem);
  if (problems.length) process.exit(1);
} else {
  writeFileSync(file, made);
}

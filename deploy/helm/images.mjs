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
const file = join(chart, 'images.txt');
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== made) {
    console.error('images.txt does not follow the chart: node deploy/helm/images.mjs');
    process.exit(1);
  }
} else {
  writeFileSync(file, made);
}

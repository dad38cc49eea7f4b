// Writes the chart's alerts and dashboards, and the alerts' examples in tests/, from source/*.mjs. Helm reads only files inside of a
// chart, and a chart is installed as it lies here: so the chart has the one copy, and everybody else reads that.
// `node deploy/observability/generate.mjs` (`--check`: writes nothing and fails where something is out of date).
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { dashboards } from './source/dashboards.mjs';
import data from './source/data.mjs';
import { severities } from './source/kit.mjs';
import meetings from './source/meetings.mjs';
import platform from './source/platform.mjs';
import services from './source/services.mjs';
import slo from './source/slo.mjs';
import vault from './source/vault.mjs';

/** Every group of alerts. */
export const groups = [slo, services, meetings, vault, data, platform];

const root = join(import.meta.dirname, '../..');

/** Where what is made lies, below the repository's root. */
export const folders = {
  alerts: 'deploy/helm/conclave/files/alerts',
  dashboards: 'deploy/helm/conclave/files/dashboards',
  tests: 'deploy/observability/tests',
};

const head = '# Made by deploy/observability/generate.mjs from source/; change it there.\n';
const text = (value) => JSON.stringify(value);
const block = (value, indent) => `|\n${value.replace(/^/gm, ' '.repeat(indent))}`;

/** `{{ $labels.x }}` as Prometheus would fill it in; what a series does not carry becomes nothing. */
const filled = (words, labels) => words.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, name) => labels[name] ?? '');

function annotationsOf({ name, summary, dashboard }) {
  return { summary, runbook_url: `docs/runbooks/${name}.md`, dashboard: `d/${dashboard}` };
}

const map = (entries, indent) =>
  Object.entries(entries)
    .map(([key, value]) => `${' '.repeat(indent)}${key}: ${text(value)}`)
    .join('\n');

function ruleOf(rule) {
  if (!severities.includes(rule.severity)) throw new Error(`${rule.name}: severity ${rule.severity}`);
  return [
    `      - alert: ${rule.name}`,
    `        expr: ${block(rule.expr, 10)}`,
    ...(rule.for ? [`        for: ${rule.for}`] : []),
    '        labels:',
    map({ severity: rule.severity, ...rule.labels }, 10),
    '        annotations:',
    map(annotationsOf(rule), 10),
  ].join('\n');
}

const recordOf = ({ record, expr, labels }) =>
  [`      - record: ${record}`, `        expr: ${block(expr, 10)}`, '        labels:', map(labels, 10)].join('\n');

function rulesFile({ name, says, alerts, records }) {
  const parts = [`${head}# ${says}.\ngroups:`];
  if (records.length) parts.push(`  - name: conclave-${name}-records\n    rules:`, ...records.map(recordOf));
  parts.push(`  - name: conclave-${name}\n    rules:`, ...alerts.map(ruleOf));
  return `${parts.join('\n')}\n`;
}

/** One alert as promtool expects it. */
function expected(rule, labels) {
  const own = { severity: rule.severity, ...rule.labels, ...labels };
  const told = Object.entries(annotationsOf(rule)).map(([key, value]) => [key, filled(value, own)]);
  const lines = ['          - exp_labels:', map(own, 14), '            exp_annotations:'];
  return [...lines, map(Object.fromEntries(told), 14)].join('\n');
}

function testOf(rule, kind, { at, series, labels, interval, also }, alerts) {
  const variant = rule.labels.burn ?? rule.labels.component;
  const lines = [
    `  - name: ${text(`${rule.name}${variant ? ` (${variant})` : ''} ${kind}`)}`,
    `    interval: ${interval}`,
    '    input_series:',
    ...Object.entries(series).flatMap(([name, values]) => [
      `      - series: ${text(name)}`,
      `        values: ${text(values)}`,
    ]),
    '    alert_rule_test:',
    `      - eval_time: ${at}`,
    `        alertname: ${rule.name}`,
  ];
  if (kind !== 'fires') return [...lines, '        exp_alerts: []'].join('\n');
  const slower = alerts.filter(({ name, labels: { burn } }) => name === rule.name && also.includes(burn));
  const all = [expected(rule, labels), ...slower.map((other) => expected(other, {}))];
  return [...lines, '        exp_alerts:', ...all].join('\n');
}

/** The examples of a group as files for promtool, one for each pace at which rules are looked at. */
function testsFiles({ name, alerts, records }) {
  const order = [...(records.length ? [`conclave-${name}-records`] : []), `conclave-${name}`];
  const paces = new Map();
  for (const rule of alerts) {
    for (const [kind, one] of [
      ...[rule.fires].flat().map((each) => ['fires', each]),
      ...rule.quiet.map((each) => ['stays quiet', each]),
    ]) {
      paces.set(one.evaluate, [...(paces.get(one.evaluate) ?? []), testOf(rule, kind, one, alerts)]);
    }
  }
  return [...paces].map(([pace, tests]) => [
    `${folders.tests}/${name}${pace === '1m' ? '' : `-${pace}`}.yaml`,
    `${head}rule_files: [${relative(folders.tests, `${folders.alerts}/${name}.yaml`)}]\nevaluation_interval: ${pace}\ngroup_eval_order: [${order.join(', ')}]\ntests:\n${tests.join('\n')}\n`,
  ]);
}

/** Everything there should be: path below the repository's root -> content. */
export function outputs() {
  const files = new Map();
  for (const group of groups) {
    files.set(`${folders.alerts}/${group.name}.yaml`, rulesFile(group));
    for (const [path, content] of testsFiles(group)) files.set(path, content);
  }
  for (const board of dashboards)
    files.set(`${folders.dashboards}/${board.uid}.json`, `${JSON.stringify(board, null, 2)}\n`);
  return files;
}

function main(check) {
  const files = outputs();
  const wrong = [];
  for (const [path, content] of files) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === content) continue;
    wrong.push(path);
    if (check) continue;
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content);
  }
  for (const folder of Object.values(folders).filter((path) => existsSync(join(root, path)))) {
    for (const name of readdirSync(join(root, folder))) {
      if (files.has(`${folder}/${name}`)) continue;
      wrong.push(`${folder}/${name}`);
      if (!check) rmSync(join(root, folder, name));
    }
  }
  if (check && wrong.length > 0) {
    console.error(`out of date: ${wrong.join(', ')}. Run: node deploy/observability/generate.mjs`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === import.meta.filename) main(process.argv.includes('--check'));

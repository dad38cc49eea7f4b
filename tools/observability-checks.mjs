// Checks alerts, their examples, their runbooks and the dashboards without a running product:
// `node tools/observability-checks.mjs`. Ends with one line: `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findPrometheus } from './lab/prometheus.mjs';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'deploy/observability');
const { folders, groups } = await import(pathToFileURL(join(folder, 'generate.mjs')).href);
const total = { passed: 0, failed: 0 };

function check(name, failure) {
  total[failure ? 'failed' : 'passed'] += 1;
  if (failure) console.log(`FAIL ${name}\n     ${failure.replaceAll('\n', '\n     ')}`);
}

const run = (command, ...args) => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', cwd: root });
  return { status, output: `${stdout}${stderr}` };
};

/** Each example counts by itself: promtool names those that failed. */
function examples(promtool, file) {
  const names = [...readFileSync(join(root, folders.tests, file), 'utf8').matchAll(/^ {2}- name: (".*")$/gm)];
  const { status, output } = run(promtool, 'test', 'rules', `${folders.tests}/${file}`);
  const failing = [...output.matchAll(/^\s*name: (.*?),$/gm)].map(([, name]) => name);
  for (const [, quoted] of names) {
    const name = JSON.parse(quoted);
    check(`${file}: ${name}`, status !== 0 && failing.includes(name) ? 'does not do as its example says' : '');
  }
  if (status !== 0) console.log(output);
  // A failure that names no example: the file itself is wrong.
  if (status !== 0 && failing.length === 0) check(`${file} loads`, 'promtool could not run it');
}

/** What each runbook must answer. */
const sections = ['What it means', 'How to see it', 'What to do', 'When to escalate'];

function runbook(name) {
  const file = join(root, 'docs/runbooks', `${name}.md`);
  if (!existsSync(file)) return 'has no runbook';
  const text = readFileSync(file, 'utf8');
  const missing = sections.filter((section) => !text.includes(`## ${section}`));
  if (missing.length) return `its runbook lacks: ${missing.join(', ')}`;
  return text.includes('```') ? '' : 'its runbook has no command';
}

/** Every query of a dashboard must parse: promtool reads them as rules. */
function dashboardQueries(promtool, file) {
  const { panels } = JSON.parse(readFileSync(join(root, folders.dashboards, file), 'utf8'));
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const rules = queries.map((expr, index) => {
    const filled = expr.replaceAll('$__rate_interval', '5m').replaceAll('$namespace', '.*');
    return `      - record: query:${index}\n        expr: ${JSON.stringify(filled)}\n`;
  });
  const scratch = mkdtempSync(join(tmpdir(), 'conclave-dashboard-'));
  try {
    const path = join(scratch, 'rules.yaml');
    writeFileSync(path, `groups:\n  - name: queries\n    rules:\n${rules.join('')}`);
    const { status, output } = run(promtool, 'check', 'rules', path);
    check(`${file}: ${queries.length} queries`, status === 0 ? '' : output);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const made = run(process.execPath, join(folder, 'generate.mjs'), '--check');
check('what is made from source/ is up to date', made.status === 0 ? '' : made.output);

const promtool = await findPrometheus('promtool');
for (const { name } of groups) {
  const { status, output } = run(promtool, 'check', 'rules', `${folders.alerts}/${name}.yaml`);
  check(`alerts/${name}.yaml loads`, status === 0 ? '' : output);
}
for (const file of readdirSync(join(root, folders.tests)).sort()) examples(promtool, file);

const alerts = groups.flatMap((group) => group.alerts);
for (const name of new Set(alerts.map((one) => one.name))) check(`runbook of ${name}`, runbook(name));
for (const file of readdirSync(join(root, folders.dashboards)).sort()) dashboardQueries(promtool, file);
const boards = new Set(readdirSync(join(root, folders.dashboards)).map((file) => file.replace('.json', '')));
for (const name of new Set(alerts.map((one) => one.dashboard)))
  check(`dashboard ${name}`, boards.has(name) ? '' : 'an alert links to it, and it does not exist');
for (const file of readdirSync(join(root, 'docs/runbooks')).filter((name) => name !== 'README.md'))
  check(`docs/runbooks/${file} is of an alert`, alerts.some((one) => `${one.name}.md` === file) ? '' : 'no such alert');

console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed ? 1 : 0;

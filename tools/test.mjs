// `npm test`: every check of the project, counted. Ends with one line: `N passed, N failed[, N skipped]`.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from '@conclave/testing/chromium';
import { countJest } from './jest-counts.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'conclave-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const started = Date.now();
const only = process.argv.slice(2);

const stepLimitMinutes = 30;
/** Proofs whose report is kept are tried often, which takes longer than a step may. */
const evidence = { EVIDENCE: '1', ATTACK_TRIES: process.env.ATTACK_TRIES ?? '50' };
const evidenceLimitMinutes = 60;

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(0)} s`;

/** Runs a command, output collected (or shown at once with `live`). */
function run(command, args, { live = false, env = {}, limitMinutes = stepLimitMinutes } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
      env: { ...process.env, NX_DAEMON: 'false', FORCE_COLOR: '0', ...env },
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    // A suite that hangs must not take the others' results with it.
    const limit = setTimeout(() => {
      output += `\nstopped after ${limitMinutes} minutes`;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 20_000).unref();
    }, limitMinutes * 60_000);
    child.on('close', () => clearTimeout(limit));
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function count(name, since, { passed = 0, failed = 0, skipped = 0 }, words = '') {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  const parts = [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`].filter(Boolean);
  console.log(
    `${failed ? 'FAIL' : 'ok  '} ${name.padEnd(34)} ${parts.join(', ').padEnd(32)} ${seconds(since)}${words && `  ${words}`}`,
  );
}

/** A check that passes or fails as a whole. */
async function check(name, ...commands) {
  const since = Date.now();
  for (const [command, ...args] of commands) {
    const { code, output } = await run(command, args);
    if (code === 0) continue;
    console.log(output.trimEnd());
    return count(name, since, { failed: 1 });
  }
  count(name, since, { passed: 1 });
}

/** A program of checks that ends with its own counts. */
async function counted(name, ...command) {
  const since = Date.now();
  const { code, output } = await run(command[0], command.slice(1));
  const counts = /(\d+) passed, (\d+) failed\s*$/.exec(output);
  const [passed, failed] = [Number(counts?.[1] ?? 0), Number(counts?.[2] ?? 1)];
  if (code !== 0 || failed) console.log(output.trimEnd());
  count(name, since, { passed, failed: failed || (code === 0 ? 0 : 1) });
}

/** One run of Jest, and only one: its JSON report, or undefined where it did not get that far. */
async function jestReport(args, options = {}) {
  const report = join(scratch, `jest-${reports++}.json`);
  // The web app's specs run in Jest's own context, which needs the flag for modules.
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const { output } = await run(
    process.execPath,
    [...node, ...args, '--ci', '--forceExit', '--json', `--outputFile=${report}`],
    options,
  );
  if (existsSync(report)) return JSON.parse(readFileSync(report, 'utf8'));
  console.log(output);
  return undefined;
}
let reports = 0;

/** A Jest run, counted test by test. */
async function jest(name, args, options) {
  const since = Date.now();
  const result = await jestReport(args, options);
  count(name, since, result ? countJest(result) : { failed: 1 });
}

/** Journeys, in the system's Chromium. */
async function journeys(name, words = [], wish = {}, config = 'e2e/playwright.config.ts') {
  const since = Date.now();
  try {
    await ensureChromium((line) => console.log(`  ..  ${line}`));
  } catch (error) {
    console.log(error.message);
    return count(name, since, { failed: 1 });
  }
  const report = join(scratch, 'journeys.json');
  const { output } = await run('playwright', ['test', '-c', config, '--reporter=list,json', ...words], {
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report, ...wish },
    ...(wish.EVIDENCE && { limitMinutes: evidenceLimitMinutes }),
  });
  if (!existsSync(report)) {
    console.log(output);
    return count(name, since, { failed: 1 });
  }
  const { stats } = JSON.parse(readFileSync(report, 'utf8'));
  if (stats.unexpected || !stats.expected) console.log(output);
  else for (const [line] of output.matchAll(/^attack: .*$/gm)) console.log(`      ${line}`);
  count(name, since, {
    passed: stats.expected,
    failed: stats.unexpected + (stats.expected ? 0 : 1),
    skipped: stats.skipped,
  });
}

/** What the contracts are held against: the last release, else the commit before. */
function baseline() {
  const git = (...args) => spawnSync('git', args, { encoding: 'utf8' });
  const tag = git('describe', '--tags', '--abbrev=0', '--match', 'v*').stdout?.trim();
  if (tag) return tag;
  return git('rev-parse', '--verify', '-q', 'HEAD~1:proto').status === 0 ? 'HEAD~1' : 'HEAD';
}

const steps = {
  format: () => check('formatting', ['prettier', '--check', '--log-level=warn', '.']),
  contracts: async () => {
    await check(
      'contracts: lint, generated',
      ['buf', 'lint'],
      ['buf', 'format', '-d', '--exit-code'],
      [process.execPath, 'tools/generate.mjs', '--check'],
    );
    const name = 'contracts: breaking';
    if (spawnSync('git', ['rev-parse', 'HEAD']).status === 0)
      return check(name, ['buf', 'breaking', '--against', `.git#ref=${baseline()}`]);
    count(name, Date.now(), { skipped: 1 }, 'nothing to compare with: no git here');
  },
  packages: () =>
    check('packages: locked for every platform', [process.execPath, 'tools/lock-platforms.mjs', '--check']),
  lint: () => check('lint and import rules', ['eslint', '.']),
  types: () =>
    check('types', ['tsc', '--noEmit', '-p', 'tsconfig.json'], ['tsc', '--noEmit', '-p', 'e2e/tsconfig.json']),
  build: () => check('build', ['nx', 'run-many', '-t', 'build', '--outputStyle=static']),
  words: () => check('words: catalogue up to date', [process.execPath, 'web/tools/words.mjs', '--check']),
  observability: () => counted('alerts, runbooks, dashboards', process.execPath, 'tools/observability-checks.mjs'),
  unit: () => jest('unit, contract and integration', ['--config=jest.config.mjs']),
  web: () => jest('web components', ['--config=web/jest.config.mjs']),
  journeys: () => journeys('journeys'),
  evidence: async () => {
    await journeys('proofs with a kept report', ['-g', '@evidence'], evidence);
    const alone = ['services/files/test/cut-on-the-wire', 'services/files/test/resume-cuts'];
    await jest('the same before files alone, and uploads that go on', ['--config=jest.config.mjs', ...alone], {
      env: evidence,
      limitMinutes: evidenceLimitMinutes,
    });
  },
  faults: () => journeys('journeys through kills and a restore', ['-g', '@faults'], { FAULTS: '1' }),
  replicas: () => journeys('journeys with two of everything', ['replicas'], { REPLICAS: '1' }),
  pictures: () => journeys('pictures of every screen, compared', [], {}, 'e2e/screens/playwright.config.ts'),
};
/** Takes minutes more. `npm run test:all` asks for faults and replicas, a person for the rest. */
const onRequest = ['faults', 'replicas', 'pictures', 'evidence'];

const unknown = only.filter((name) => !(name in steps));
if (unknown.length) {
  console.error(`No such step: ${unknown.join(', ')}. Steps: ${Object.keys(steps).join(', ')}`);
  process.exit(2);
}
/** These look at what was built: asked for alone, they build it first. */
const ofTheBuild = ['journeys', ...onRequest];
const asked = (name) => (only.length === 0 ? !onRequest.includes(name) : only.includes(name));
const wanted = (name) => asked(name) || (name === 'build' && ofTheBuild.some(asked));
try {
  // What starts no server, two at a time and the longest first; suites that do, one after another.
  const waiting = [
    ['build', 'words'],
    ['lint'],
    ['web'],
    ['format'],
    ['types'],
    ['contracts'],
    ['observability'],
    ['packages'],
  ];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      for (const name of next.filter(wanted)) await steps[name]();
  };
  await Promise.all([lane(), lane()]);
  for (const name of ['unit', 'journeys', ...onRequest].filter(wanted)) await steps[name]();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`took ${seconds(started)}`);
const skipped = total.skipped ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed ? 1 : 0;

// `npm run test:stores`: every spec that touches the object store, on MinIO, on SeaweedFS (built once, some 10 minutes of processor) and
// on whatever CONCLAVE_TEST_STORE names as JSON. Names of stores, and of specs, after it choose some: `-- seaweedfs upload download`.
// `--report` keeps what was seen of each spec in docs/evidence/stores.json and writes docs/evidence/stores.md from all of it: a piece of
// the suite replaces what stood of that piece, with the commit that it was of.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** No question to a store in them, or to one of their own that they kill. */
const elsewhere = ['field-rules.security', 'permission-matrix.security', 'resume-cuts'];
const specs = [
  ...readdirSync(join(root, 'services/files/test'))
    .filter((name) => name.endsWith('.spec.ts') && !elsewhere.includes(name.slice(0, -8)))
    .map((name) => `services/files/test/${name}`),
  'deploy/tasks/test/backup-to-s3.spec.ts',
];
/** Specs of one run of jest: so many are lost when it is ended. */
const atOnce = 4;

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const given = process.env.CONCLAVE_TEST_STORE?.startsWith('{') ? process.env.CONCLAVE_TEST_STORE : undefined;
const known = ['minio', 'seaweedfs', ...(given ? ['given'] : [])];
const shortName = (spec) => basename(spec, '.spec.ts');
const stores = known.filter((store) => words.includes(store) || !words.some((word) => known.includes(word)));
const wished = words.filter((word) => !known.includes(word));
const unknown = wished.filter((word) => !specs.some((spec) => shortName(spec) === word));
if (unknown.length > 0) throw new Error(`neither a store nor a spec: ${unknown.join(', ')}`);
const chosen = specs.filter((spec) => wished.length === 0 || wished.includes(shortName(spec)));

const kept = join(root, 'docs', 'evidence', 'stores.json');
const seen = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();

/** Runs some specs on one store, shows what they print, and answers what became of each. */
async function run(store, some) {
  const folder = mkdtempSync(join(tmpdir(), 'conclave-stores-'));
  const output = join(folder, 'jest.json');
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest];
  args.push('--config=jest.config.mjs', '--ci', '--forceExit', '-w', '1', '--json', `--outputFile=${output}`);
  const env = { ...process.env, CONCLAVE_TEST_STORE: store === 'given' ? given : store };
  const child = spawn(process.execPath, [...args, '--runTestsByPath', ...some], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await new Promise((resolve) => child.on('close', resolve));
  const results = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')).testResults : [];
  rmSync(folder, { recursive: true, force: true });
  const at = new Date().toISOString();
  return some.map((spec) => {
    const result = results.find(({ name }) => name.endsWith(spec));
    const tests = result?.assertionResults ?? [];
    const failed = tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
    if (!result || (result.status === 'failed' && failed.length === 0)) failed.push('did not come to its end');
    const passed = tests.filter(({ status }) => status === 'passed').length;
    return [
      shortName(spec),
      { passed, failed, seconds: result ? (result.endTime - result.startTime) / 1000 : 0, at, commit },
    ];
  });
}

function page() {
  const titles = { minio: 'MinIO', seaweedfs: 'SeaweedFS', given: 'the store that was given' };
  const columns = ['minio', 'seaweedfs', ...(seen.given ? ['given'] : [])];
  const of = (store) => seen[store] ?? {};
  const cell = (store, spec) => {
    const result = of(store)[spec];
    if (!result) return 'not run';
    return result.failed.length > 0
      ? `**${result.failed.length} failed**, ${result.passed} passed`
      : `${result.passed} passed`;
  };
  const sums = columns.map((store) => {
    const results = specs.map((spec) => of(store)[shortName(spec)]).filter(Boolean);
    const failed = results.reduce((sum, result) => sum + result.failed.length, 0);
    const commits = [...new Set(results.map((result) => result.commit))].join(', ');
    const days = [...new Set(results.map(({ at }) => at.slice(0, 10)))].sort().join(', ');
    const passed = results.reduce((sum, result) => sum + result.passed, 0);
    if (results.length === 0) return `- ${titles[store]}: nothing in this way yet.`;
    return `- ${titles[store]}: ${results.length} of ${specs.length} spec files, ${passed} tests passed, ${failed} failed; commits ${commits}, ${days}.`;
  });
  const failures = columns.flatMap((store) =>
    Object.entries(of(store)).flatMap(([spec, { failed }]) =>
      failed.map((name) => `  - ${titles[store]}, \`${spec}\`: ${name}`),
    ),
  );
  return [
    '# The storage suite on several stores',
    '',
    'Kept by `npm run test:stores -- --report`, which runs the same spec files on every store; a piece of the suite (`-- --report seaweedfs upload`)',
    'replaces what stood of that piece. Raw: [stores.json](stores.json). MinIO is also what `npm test` runs all of them on, each time.',
    '',
    ...sums,
    ...(failures.length > 0 ? ['- Failed:', ...failures] : []),
    '',
    `| spec | ${columns.map((store) => titles[store]).join(' | ')} |`,
    `| --- |${columns.map(() => ' --- |').join('')}`,
    ...specs.map(
      (spec) => `| \`${shortName(spec)}\` | ${columns.map((store) => cell(store, shortName(spec))).join(' | ')} |`,
    ),
    '',
    `Not among them: ${elsewhere.map((name) => `\`${name}\``).join(', ')}, which ask no store, or kill one of their own.`,
    '',
    'What a store can do is found by trying (`find-abilities.ts`); both have conditional writes, checksums behind parts whose numbers leave',
    'gaps, and virtual hosts. SeaweedFS does not tell the checksum of a part when parts are listed, calls a wrong one `InvalidDigest`, and has',
    'no keys to lend in this suite (MinIO has). A store without any of them is a proxy before a real one that answers 501.',
    '',
    'SeaweedFS is built by `go install` in 680 processor seconds (24 min on a busy machine), at most 2.1 GB; it is under the Apache License 2.0,',
    'starts in 2.5 s and takes 170 MB.',
  ];
}

function writePage() {
  writeFileSync(join(root, 'docs', 'evidence', 'stores.md'), `${page().join('\n')}\n`);
}

let failures = 0;
// `--page` alone writes the page again from what is kept.
if (process.argv.includes('--page')) writePage();
else
  for (const store of stores) {
    for (let at = 0; at < chosen.length; at += atOnce) {
      for (const [spec, result] of await run(store, chosen.slice(at, at + atOnce))) {
        failures += result.failed.length;
        console.log(
          `${store} ${spec}: ${result.passed} passed${result.failed.map((name) => `\n  - failed: ${name}`).join('')}`,
        );
        (seen[store] ??= {})[spec] = result;
      }
      if (!process.argv.includes('--report')) continue;
      writeFileSync(kept, `${JSON.stringify(seen, undefined, 2)}\n`);
      writePage();
    }
  }
process.exit(failures === 0 ? 0 : 1);

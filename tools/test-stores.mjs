// `npm run test:stores`: every spec that touches the object store, on MinIO, on SeaweedFS (built once, some 10 minutes of processor) and
// on whatever CONCLAVE_TEST_STORE names as JSON. `--report` writes docs/evidence/stores.md. Names of stores after it choose some.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const names = [
  ...[
    'round-trip',
    'upload',
    'refused-upload',
    'resumable-upload',
    'resumable-upload.security',
    'download',
    'list-and-delete',
  ],
  ...[
    'forget-room',
    'life-cycle',
    'sweeper',
    'tampering.security',
    'preflight',
    'store-access',
    'store-faults',
    'backup',
  ],
];
const specs = [...names.map((name) => `services/files/test/${name}.spec.ts`), 'deploy/tasks/test/backup-to-s3.spec.ts'];
const given = process.env.CONCLAVE_TEST_STORE?.startsWith('{') ? process.env.CONCLAVE_TEST_STORE : undefined;
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const stores = ['minio', 'seaweedfs', ...(given ? ['given'] : [])].filter(
  (store) => asked.length === 0 || asked.includes(store),
);

/** Runs the specs on one store, shows what they print, and answers their counts. */
function run(store) {
  return new Promise((resolve) => {
    const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    const args = [
      ...flags,
      jest,
      '--config=jest.config.mjs',
      '--ci',
      '--forceExit',
      '-w',
      '1',
      '--runTestsByPath',
      ...specs,
    ];
    const env = { ...process.env, CONCLAVE_TEST_STORE: store === 'given' ? given : store };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk) => {
      process.stderr.write(chunk);
      output += chunk;
    });
    child.on('close', (code) => {
      const counts = /^Tests:\s+(.*)$/m.exec(output)?.[1] ?? `ended with ${code}`;
      const failed = [...output.matchAll(/^\s+● (.*)$/gm)].map(([, name]) => name);
      resolve({ store, code, counts, failed: [...new Set(failed)] });
    });
  });
}

const results = [];
for (const store of stores) results.push(await run(store));
const lines = results.map(({ store, counts, failed }) =>
  [`- ${store}: ${counts}`, ...failed.map((name) => `  - failed: ${name}`)].join('\n'),
);
console.log(lines.join('\n'));
if (process.argv.includes('--report')) {
  const day = new Date().toISOString().slice(0, 10);
  const page = [
    '# The storage suite on several stores',
    '',
    `Run by \`npm run test:stores -- --report\` on ${day}, which writes this page anew: ${specs.length} spec files, the same on every store.`,
    '',
    ...lines,
    '',
    'What a store can do is found by trying (`find-abilities.ts`); both have conditional writes, checksums behind parts whose numbers leave',
    'gaps, and virtual hosts. SeaweedFS does not tell the checksum of a part when parts are listed, calls a wrong one `InvalidDigest`, and has',
    'no keys to lend in this suite (MinIO has). A store without any of them is a proxy before a real one that answers 501.',
  ];
  writeFileSync(join(root, 'docs', 'evidence', 'stores.md'), `${page.join('\n')}\n`);
}
process.exit(results.every(({ code }) => code === 0) ? 0 : 1);

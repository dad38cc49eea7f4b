// The integration suite on real containers: for each service the specs that use every kind of server it stands on. All of
// them run on processes of the same servers in `npm test`; here it is the back end of containers that is proven.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const specs = [
  'libs/testing/test',
  'libs/persistence/test/outbox.spec.ts',
  'services/auth/test/boot.spec.ts',
  'services/auth/test/create-account.spec.ts',
  'services/auth/test/resolve-session.spec.ts',
  'services/rooms/test/entry.spec.ts',
  'services/rooms/test/webhooks.security.spec.ts',
  'services/files/test/upload.spec.ts',
  'services/files/test/round-trip.spec.ts',
  'services/gateway/test/life.spec.ts',
  'services/gateway/test/events.spec.ts',
];

const minutes = 10;

function jest(host, report, files = specs) {
  return new Promise((resolve) => {
    const words = [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
    ];
    const child = spawn(
      process.execPath,
      [...words, ...files, '--ci', '--forceExit', '--json', `--outputFile=${report}`],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: minutes * 60_000,
        env: {
          ...process.env,
          ...(host ? { DOCKER_HOST: host } : {}),
          CONCLAVE_TEST_SERVERS: 'containers',
          // Mapped ports are on this machine; the bridge's address is not always reached from it.
          TESTCONTAINERS_HOST_OVERRIDE: '127.0.0.1',
        },
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output = (output + chunk).slice(-60_000)));
    child.on('error', (error) => resolve(String(error)));
    child.on('close', () => resolve(output));
  });
}

export async function suiteChecks({ host, report }) {
  const began = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'conclave-suite-'));
  const file = join(folder, 'jest.json');
  try {
    const runOnce = async (files) => {
      rmSync(file, { force: true });
      const output = await jest(host, file, files);
      if (!existsSync(file)) throw new Error(`Jest did not get to its end:\n${output.slice(-3_000)}`);
      return JSON.parse(readFileSync(file, 'utf8')).testResults;
    };
    const results = new Map((await runOnce()).map((each) => [each.name, each]));
    // As in npm test: a busy machine makes waiting miss its time now and then; what passes only alone is named.
    const failing = [...results.values()].filter(({ status }) => status === 'failed');
    for (const { name, message } of failing) console.log(`${name}\n${message}`);
    if (failing.length > 0)
      for (const each of await runOnce(failing.map(({ name }) => name))) {
        console.log(`second try: ${each.status} ${each.name}`);
        results.set(each.name, each);
      }
    const sum = { passed: 0, failed: 0, skipped: 0 };
    for (const { status, assertionResults } of results.values()) {
      const of = (...kinds) => assertionResults.filter((each) => kinds.includes(each.status)).length;
      sum.passed += of('passed');
      sum.skipped += of('pending', 'todo', 'skipped', 'disabled');
      // A file that could not even be loaded has no results of its own.
      sum.failed += of('failed') || (status === 'failed' ? 1 : 0);
    }
    console.log(
      `${sum.failed ? 'FAIL' : 'ok  '} integration on containers: ${results.size} files, ${sum.passed} passed, ${sum.failed} failed  ${((Date.now() - began) / 1000).toFixed(1)} s`,
    );
    report.add(sum);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

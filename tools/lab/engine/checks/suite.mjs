// The integration suite on real containers: every spec that stands on a server. In `npm test` they run on processes of the
// same servers; here it is the back end of containers that is proven.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countJest } from '../../../jest-counts.mjs';

const specs = [
  ...['audit', 'messaging', 'persistence', 'testing'].map((name) => `libs/${name}/test`),
  ...['auth', 'rooms', 'files', 'gateway'].map((name) => `services/${name}/test`),
];

/** About three times what it takes. */
const minutes = 25;

function jest(host, report) {
  return new Promise((resolve) => {
    const words = [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
    ];
    const child = spawn(
      process.execPath,
      [...words, ...specs, '--ci', '--forceExit', '--json', `--outputFile=${report}`],
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
      stream.on('data', (chunk) => (output = (output + chunk).slice(-1_000_000)));
    child.on('error', (error) => resolve(String(error)));
    // What services log says nothing about which spec failed.
    const told = () => output.replaceAll(/^\{"level":.*\n/gm, '').slice(-60_000);
    child.on('close', () => resolve(told()));
  });
}

export async function suiteChecks({ host, report }) {
  const began = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'conclave-suite-'));
  const file = join(folder, 'jest.json');
  try {
    const output = await jest(host, file);
    if (!existsSync(file)) throw new Error(`Jest did not get to its end:\n${output}`);
    const result = JSON.parse(readFileSync(file, 'utf8'));
    const [sum, files] = [countJest(result), result.testResults.length];
    console.log(
      `${sum.failed ? 'FAIL' : 'ok  '} integration on containers: ${files} files, ${sum.passed} passed, ${sum.failed} failed  ${((Date.now() - began) / 1000).toFixed(1)} s`,
    );
    report.add(sum);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

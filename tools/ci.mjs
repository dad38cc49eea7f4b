// Every suite, one after another, and their sum. Called by .ci/run; works with any Node that started it.
import { spawn } from 'node:child_process';

/** Minutes after which a suite is not started any more: the whole has 90, and a suite that is cut short proves nothing. */
const lastStart = { 'test:cluster': 55, 'test:containers': 65 };
const suites = ['test', 'test:cluster', 'test:containers'];

const started = Date.now();
const minutes = () => (Date.now() - started) / 60_000;
const total = { passed: 0, failed: 0, skipped: 0 };

/** Runs one suite, shows what it prints, and takes the counts from its last line. */
function run(suite) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', suite], { stdio: ['ignore', 'pipe', 'inherit'] });
    let tail = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      tail = (tail + chunk).slice(-2_000);
    });
    child.on('error', (error) => resolve({ code: 1, tail: String(error) }));
    child.on('close', (code) => resolve({ code: code ?? 1, tail }));
  });
}

for (const suite of suites) {
  if (minutes() > (lastStart[suite] ?? Infinity)) {
    console.log(`skipped: ${suite}, for ${minutes().toFixed(0)} minutes were gone before it`);
    total.skipped++;
    continue;
  }
  console.log(`\n== npm run ${suite} (minute ${minutes().toFixed(0)})`);
  const { code, tail } = await run(suite);
  const counts = /(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/.exec(tail);
  total.passed += Number(counts?.[1] ?? 0);
  total.failed += Number(counts?.[2] ?? 0);
  total.skipped += Number(counts?.[3] ?? 0);
  // A suite that died, or that failed and cannot say how often, has failed once.
  if (!counts || (code !== 0 && Number(counts[2]) === 0)) {
    console.log(`${suite} ended with ${code}${counts ? '' : ' and without its counts'}`);
    total.failed++;
  }
}
console.log(`\ntook ${minutes().toFixed(1)} minutes`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = total.failed ? 1 : 0;

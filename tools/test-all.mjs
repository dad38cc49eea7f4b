// `npm run test:all`: every suite that needs no more than Debian and root, one after another, and their sum.
import { spawn } from 'node:child_process';

/** Minutes until a suite that has not ended is taken for hanging: about three times what it takes with nothing compiled before. */
const suites = [
  { name: 'test', limit: 55 },
  { name: 'test', words: ['faults', 'replicas'], limit: 20 },
  { name: 'test:cluster', limit: 45 },
  { name: 'test:containers', limit: 30 },
];
/** The whole has 90 minutes: what has not ended by this one is ended, and counted as not run. */
const lastMinute = 85;

const started = Date.now();
const minutes = () => (Date.now() - started) / 60_000;
const total = { passed: 0, failed: 0, skipped: 0 };

/** Runs one suite, shows what it prints, and takes the counts from its last line. */
function run({ name, words = [], limit }) {
  return new Promise((resolve) => {
    const stdio = ['ignore', 'pipe', 'inherit'];
    const child = spawn('npm', ['run', '--silent', name, '--', ...words], { stdio, detached: true });
    let tail = '';
    let failures = 0;
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      failures += (String(chunk).match(/^FAIL /gm) ?? []).length;
      tail = (tail + chunk).slice(-2_000);
    });
    // The suite is a group of processes: all of it is told to end, and first to tidy up.
    const end = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // It is over.
      }
    };
    let cut = false;
    const endAfter = (left, why, outOfTime) =>
      setTimeout(() => {
        console.log(`${name} is ended: ${why}`);
        cut = outOfTime;
        end('SIGTERM');
        setTimeout(() => end('SIGKILL'), 30_000).unref();
      }, left * 60_000);
    const timers = [
      endAfter(limit, `it took longer than ${limit} minutes`, false),
      endAfter(lastMinute - minutes(), `minute ${lastMinute} has come`, true),
    ];
    child.on('error', (error) => resolve({ code: 1, tail: String(error), cut, failures }));
    child.on('close', (code) => {
      timers.forEach(clearTimeout);
      resolve({ code: code ?? 1, tail, cut, failures });
    });
  });
}

for (const suite of suites) {
  console.log(`\n== npm run ${[suite.name, ...(suite.words ?? [])].join(' ')} (minute ${minutes().toFixed(0)})`);
  const { code, tail, cut, failures } = await run(suite);
  if (cut) {
    console.log(`skipped: the rest of ${suite.name}, for the time was over`);
    total.skipped++;
    total.failed += failures;
    continue;
  }
  const counts = /(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/.exec(tail);
  total.passed += Number(counts?.[1] ?? 0);
  total.failed += Number(counts?.[2] ?? 0);
  total.skipped += Number(counts?.[3] ?? 0);
  // A suite that died, or that failed and cannot say how often, has failed once.
  if (!counts || (code !== 0 && Number(counts[2]) === 0)) {
    console.log(`${suite.name} ended with ${code}${counts ? '' : ' and without its counts'}`);
    total.failed++;
  }
}
console.log(`\ntook ${minutes().toFixed(1)} minutes`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = total.failed ? 1 : 0;

// `npm run test:all`: every suite that needs no more than Debian and root, one after another, and their sum.
import { spawn } from 'node:child_process';

/**
 * The whole has 90 minutes. A suite is not started after `startBy` (minutes from the beginning), for one that is cut short proves nothing, and none
 * may run longer than `limit`.
 */
const suites = [
  { name: 'test', startBy: 1, limit: 50 },
  { name: 'test:cluster', startBy: 52, limit: 30 },
  { name: 'test:containers', startBy: 66, limit: 18 },
];

const started = Date.now();
const minutes = () => (Date.now() - started) / 60_000;
const total = { passed: 0, failed: 0, skipped: 0 };

/** Runs one suite, shows what it prints, and takes the counts from its last line. */
function run({ name, limit }) {
  return new Promise((resolve) => {
    const stdio = ['ignore', 'pipe', 'inherit'];
    const child = spawn('npm', ['run', '--silent', name], { stdio, detached: true });
    let tail = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
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
    const timer = setTimeout(() => {
      console.log(`${name} took longer than ${limit} minutes and is ended`);
      end('SIGTERM');
      setTimeout(() => end('SIGKILL'), 30_000).unref();
    }, limit * 60_000);
    child.on('error', (error) => resolve({ code: 1, tail: String(error) }));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, tail });
    });
  });
}

for (const suite of suites) {
  if (minutes() > suite.startBy) {
    console.log(`skipped: ${suite.name}, for ${minutes().toFixed(0)} minutes were gone before it`);
    total.skipped++;
    continue;
  }
  console.log(`\n== npm run ${suite.name} (minute ${minutes().toFixed(0)})`);
  const { code, tail } = await run(suite);
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

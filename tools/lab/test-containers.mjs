// `npm run test:containers`: our images and what compose makes of them, on a real container engine: the one that answers, or
// a private one that this brings up and ends. Words after it choose parts: images, scripts, compose, suite; --keep-images
// takes our images as they are.
// Ends with one line: `N passed, N failed[, N skipped]`.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeChecks } from './engine/checks/compose.mjs';
import { imageChecks } from './engine/checks/images.mjs';
import { installScriptChecks } from './engine/checks/install-scripts.mjs';
import { suiteChecks } from './engine/checks/suite.mjs';
import { engineDown, engineFolder, engineUp, NoEngine } from './engine/engine.mjs';
import { nodeImage, obtainImages } from './engine/images.mjs';
import { Report, Skip } from './report.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
process.chdir(root);
const parts = { images: imageChecks, scripts: installScriptChecks, compose: composeChecks, suite: suiteChecks };
const words = process.argv.slice(2);
/** For hands: our images as they are, not built anew. */
const keep = words.includes('--keep-images');
const only = words.filter((word) => word !== '--keep-images');
const unknown = only.filter((name) => !(name in parts));
if (unknown.length) {
  console.error(`No such part: ${unknown.join(', ')}. Parts: ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}

const report = new Report();
const say = (line) => report.say(line);
let engine;

async function end() {
  // An engine that ran before this one goes on; only what was started here ends here.
  if (engine?.started) await engineDown();
  engine = undefined;
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => void end().finally(() => process.exit(130)));
}

/** Builds our images; packages and the web app come from the cache of the build where nothing changed. */
function buildImages(host, out) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['deploy/images/build.mjs', '--base', nodeImage, '--rust', nodeImage, '--out', out],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...(host ? { DOCKER_HOST: host } : {}) },
      },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    child.stdout.on('data', (chunk) => process.stdout.write(String(chunk).replace(/^(?=.)/gm, '     ')));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(said.slice(-4_000)))));
  });
}

try {
  const there = await report.check('a container engine', async () => {
    try {
      engine = await engineUp(say);
    } catch (error) {
      throw error instanceof NoEngine ? new Skip(error.message) : error;
    }
    return engine.host ? `a private one${engine.started ? '' : ', which ran already'}` : 'of this machine';
  });
  if (there) {
    const { host } = engine;
    mkdirSync(engineFolder, { recursive: true, mode: 0o700 });
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const lab = { host, report, root, out: join(root, 'dist/images'), version, standIns: [] };
    const ready = await report.check('images of the servers', async () => {
      lab.standIns = await obtainImages(host, say);
      return lab.standIns.length ? `stand-ins: ${lab.standIns.join(', ')}` : 'official';
    });
    const needOurs = !keep && (only.length === 0 || only.some((name) => name !== 'suite' && name !== 'scripts'));
    const built =
      ready && needOurs ? await report.check('our images are built', () => buildImages(host, lab.out)) : !needOurs;
    for (const [name, checks] of Object.entries(parts)) {
      if (!ready || !(built || name === 'suite' || name === 'scripts')) break;
      if (only.length > 0 && !only.includes(name)) continue;
      try {
        await checks(lab);
      } catch (error) {
        report.failed++;
        console.log(`FAIL ${name} came to an end: ${error.stack ?? error}`);
      }
    }
  }
} catch (error) {
  report.failed++;
  console.log(`FAIL the run came to an end: ${error.stack ?? error}`);
} finally {
  await end();
}
const code = report.end();
// Where no engine can be had nothing was checked, and nothing has failed: the count says so.
process.exitCode = report.failed === 0 && report.passed === 0 && report.skipped > 0 ? 0 : code;

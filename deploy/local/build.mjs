// Compiles what changed: a package is compiled again when a hash over its inputs differs from the one its last
// compilation left beside the result. Plain JavaScript, for it runs before anything is compiled.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Files of a folder, all levels, in one order everywhere. */
function filesOf(path) {
  if (!existsSync(join(root, path))) return [];
  const entries = readdirSync(join(root, path), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

const stampOf = (target) => join(root, target, '.inputs');
const isFresh = (target, hash) => existsSync(stampOf(target)) && readFileSync(stampOf(target), 'utf8') === hash;
const stamp = (target, hash) => writeFileSync(stampOf(target), hash);

/** Runs a command to its end; its output is shown only if it fails. */
export function run(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${output.trim()}\n${command} ${args.join(' ')} ended with ${code}`));
    });
  });
}

/** Compiles libraries, services and the supervisor where their sources changed; tells how many. */
export async function compilePackages() {
  const packages = globSync(['libs/*/src', 'services/*/src', 'deploy/{local,tasks}/src'], { cwd: root }).map((path) =>
    path.slice(0, -'/src'.length),
  );
  const compiler = join(root, 'tools/compile.mjs');
  const stale = packages
    .map((pkg) => ({
      pkg,
      hash: hashOf([compiler, ...filesOf(join(pkg, 'src')), ...filesOf(join(pkg, 'migrations'))]),
    }))
    .filter(({ pkg, hash }) => !isFresh(join(pkg, 'dist'), hash));
  if (stale.length === 0) return 0;
  await run(process.execPath, [compiler, ...stale.map(({ pkg }) => pkg)]);
  for (const { pkg, hash } of stale) stamp(join(pkg, 'dist'), hash);
  return stale.length;
}

/** Builds the web app where its sources changed; tells whether it did. */
export async function buildWeb() {
  const files = [
    ...['web/src', 'web/public', 'web/tools', 'libs/errors/src', 'libs/sealing/src', 'libs/e2ee/src'].flatMap(filesOf),
    ...globSync(['web/*.json', 'web/*.mjs', 'package-lock.json'], { cwd: root })
      .map((path) => join(root, path))
      .sort(),
  ];
  const hash = hashOf(files);
  if (isFresh('web/dist', hash) && existsSync(join(root, 'web/dist/browser/index.html'))) return false;
  await run('npm', ['run', 'build', '-w', 'web'], { NG_CLI_ANALYTICS: 'false' });
  stamp('web/dist', hash);
  return true;
}

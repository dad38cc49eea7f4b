import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { modulesFolder, type Pin } from '../pins.js';
import { cacheFolder, withLock } from './cache.js';
import { isThere } from './is-there.js';

/** Where a server built for this user lies. */
export const cachedBinary = (pin: Pin): string => join(cacheFolder(), pin.cacheKey, pin.name);

/** How a build is watched and ended. */
export interface BuildOptions {
  /** Hears how far it is. */
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Where systems keep the certificates of authorities, as Go looks for them. */
const systemAuthorities = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

/** A bare system has no authorities for Go to believe; then it believes those that Node brought. */
function authorities(): Record<string, string> {
  if (process.env['SSL_CERT_FILE'] || process.platform !== 'linux' || systemAuthorities.some(existsSync)) return {};
  const file = join(cacheFolder(), 'authorities.pem');
  writeFileSync(file, getCACertificates('default').join('\n'));
  return { SSL_CERT_FILE: file };
}

function goInstall(pin: Pin, go: string, into: string, { progress, signal }: BuildOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const tail: string[] = [];
    const child = spawn(
      go,
      ['install', '-v', '-trimpath', '-ldflags=-s -w', '-mod=readonly', pin.goModule?.mainPackage ?? ''],
      {
        cwd: join(modulesFolder, pin.name),
        // Without the checksum database of Go: go.sum is committed and holds every hash.
        env: { ...process.env, ...authorities(), CGO_ENABLED: '0', GOBIN: into, GOFLAGS: '', GOROOT: '' },
        stdio: ['ignore', 'ignore', 'pipe'],
        ...(signal ? { signal } : {}),
      },
    );
    let compiled = 0;
    child.stderr.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString().split('\n').filter(Boolean)) {
        tail.push(line);
        if (tail.length > 20) tail.shift();
        if (!line.startsWith('go: ')) compiled++;
      }
      progress?.(`compiling ${pin.name}: ${compiled} packages`);
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`go install of ${pin.name} ended with ${code}:\n${tail.join('\n')}`)),
    );
  });
}

/**
 * Builds a server from the Go module proxy by the committed go.mod and go.sum and puts it into the cache. The binary
 * appears there in one step, so that nobody ever starts half of one.
 */
export async function build(pin: Pin, go: string, options: BuildOptions = {}): Promise<string> {
  const target = cachedBinary(pin);
  return withLock(
    pin.cacheKey,
    async () => {
      // Another checkout may have built it while this one waited for the lock.
      if (await isThere(target)) return target;
      const work = await mkdtemp(join(cacheFolder(), `.build-${pin.name}-`));
      try {
        await goInstall(pin, go, work, options);
        const built = (await readdir(work))[0];
        if (!built) throw new Error(`go install of ${pin.name} left no binary`);
        await chmod(join(work, built), 0o755);
        await mkdir(join(cacheFolder(), pin.cacheKey), { recursive: true });
        await rename(join(work, basename(built)), target);
      } finally {
        await rm(work, { recursive: true, force: true });
      }
      return target;
    },
    () => options.progress?.(`waiting for another checkout that builds ${pin.name}`),
  );
}

import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { run } from '../process/run.js';
import { cacheFolder, withLock } from './cache.js';
import { isThere } from './is-there.js';
import { onPath } from './on-path.js';
import { unzip } from './unzip.js';

/** The toolchain that is fetched where no `go` is on PATH: a module like any other, pinned by version and hash. */
export const goToolchain = {
  version: 'go1.26.8',
  /** As `go.sum` writes them: SHA-256 over the sorted list of every file's SHA-256 and name. */
  hashes: {
    'linux-amd64': 'h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=',
    'linux-arm64': 'h1:sYL/O6MqS68ML0kjsQ36WoYIpJqkw60TxizWUYUKQMc=',
    'darwin-arm64': 'h1:dFjGhY6f8DTsY8/rLchUTDRRfjJP4pCrGCwxvHFT2Fg=',
    'darwin-amd64': 'h1:7/9KPPN8PckcA9s91hm2jmQMhzW4KyTJXHIs45L0C9M=',
  } as Readonly<Record<string, string>>,
} as const;

/** From here on a `go` fetches the version that a go.mod asks for by itself. */
const oldestUsable = [1, 21] as const;
const silenceMs = 60_000;

/** Hears how far it is, and may end it. */
export interface FetchOptions {
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

const platformName = (): string => `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;

/** The first module proxy that this user's Go would ask. */
function proxyAddress(env: NodeJS.ProcessEnv = process.env): string {
  const first = (env['GOPROXY'] ?? '').split(/[,|]/).find((entry) => /^https?:/.test(entry.trim()));
  return (first ?? 'https://proxy.golang.org').trim().replace(/\/$/, '');
}

/** A `go` on PATH that can build our servers, or null. */
export async function usableGo(path?: string): Promise<string | null> {
  for (const go of await onPath('go', path)) {
    const [, major = '0', minor = '0'] = /go(\d+)\.(\d+)/.exec((await run(go, ['version'])).output) ?? [];
    const [wantedMajor, wantedMinor] = oldestUsable;
    if (Number(major) > wantedMajor || (Number(major) === wantedMajor && Number(minor) >= wantedMinor)) return go;
  }
  return null;
}

/** Fetches the archive into a file; a line that falls silent ends it. */
async function download(url: string, into: string, { progress, signal }: FetchOptions): Promise<void> {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(new Error(`${url} fell silent`)), silenceMs);
  try {
    const response = await fetch(url, {
      signal: signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal,
    });
    if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
    const whole = Number(response.headers.get('content-length') ?? 0);
    let bytes = 0;
    const count = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of source) {
        timer.refresh();
        bytes += chunk.length;
        progress?.(`fetching ${goToolchain.version}: ${Math.round(bytes / 1e6)} of ${Math.round(whole / 1e6)} MB`);
        yield chunk;
      }
    };
    await pipeline(Readable.fromWeb(response.body as ReadableStream), count, createWriteStream(into));
  } finally {
    clearTimeout(timer);
  }
}

/** Puts the toolchain into the user's cache, whole or not at all, and answers with its `go`. @throws Error that says why not */
export async function fetchGo(options: FetchOptions = {}): Promise<string> {
  const platform = platformName();
  const { version, hashes } = goToolchain;
  const wanted = hashes[platform];
  if (!wanted) throw new Error(`the toolchain ${version} is not pinned for ${platform}`);
  const target = join(cacheFolder(), `${version}.${platform}`);
  const go = join(target, 'bin', 'go');
  return withLock(
    `${version}.${platform}`,
    async () => {
      if (await isThere(go)) return go;
      const work = await mkdtemp(join(cacheFolder(), '.toolchain-'));
      try {
        const module = `v0.0.1-${version}.${platform}`;
        const archive = join(work, 'archive.zip');
        await download(`${proxyAddress()}/golang.org/toolchain/@v/${module}.zip`, archive, options);
        options.progress?.(`unpacking ${version}`);
        const prefix = `golang.org/toolchain@${module}/`;
        const unpacked = join(work, 'go');
        const found = hashOf(await unzip(archive, unpacked, prefix));
        if (found !== wanted) throw new Error(`the toolchain ${version} has the hash ${found}, wanted is ${wanted}`);
        await makeRunnable(unpacked);
        await rename(unpacked, target);
      } finally {
        await rm(work, { recursive: true, force: true });
      }
      return go;
    },
    () => options.progress?.(`waiting for another checkout that fetches ${version}`),
  );
}

/**
 * A `go` that can build our servers and tools: the one on PATH, else one that is fetched.
 *
 * @param path instead of PATH
 * @throws Error that says why there is none
 */
export const ensureGo = async ({ path, ...options }: FetchOptions & { path?: string } = {}): Promise<string> =>
  (await usableGo(path)) ?? fetchGo(options);

/** The hash of a module as Go reckons it. */
export function hashOf(files: ReadonlyMap<string, string>): string {
  const lines = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sha256]) => `${sha256}  ${name}\n`);
  return `h1:${createHash('sha256').update(lines.join('')).digest('base64')}`;
}

/** Modules carry no modes; what is a program lies in known folders. */
async function makeRunnable(root: string): Promise<void> {
  for (const folder of ['bin', 'pkg/tool']) {
    const at = join(root, folder);
    await mkdir(at, { recursive: true });
    for (const entry of await readdir(at, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}

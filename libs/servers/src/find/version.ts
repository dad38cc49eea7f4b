import { readFile } from 'node:fs/promises';
import { run } from '../process/run.js';
import type { Pin } from '../pins.js';

/** What a binary turned out to be. */
export interface Found {
  readonly version: string;
  readonly right: boolean;
}

const releases: Record<'nats-server' | 'livekit-server', RegExp> = {
  'nats-server': /nats-server: v?(\S+)/,
  'livekit-server': /livekit-server version v?(\S+)/,
};

/** Go writes the module it was built from into each binary; MinIO itself only says "development" when it was built from a module. */
async function fromBuildInfo(binary: string, pin: Pin): Promise<Found> {
  const bytes = await readFile(binary);
  const needle = Buffer.from(`\t${pin.goModule?.path}\tv`);
  const at = bytes.indexOf(needle);
  if (at >= 0) {
    const version =
      bytes
        .subarray(at + needle.length - 1, at + needle.length + 80)
        .toString('latin1')
        .split(/[\t\n]/)[0] ?? '';
    if (version) return { version, right: version === pin.goModule?.version };
  }
  return readVersion((await run(binary, [pin.name === 'seaweedfs' ? 'version' : '--version'])).output, pin);
}

const unknown = 'a version it does not tell';

/** Redis and Valkey say it in the same words; the one that Go builds names the module it was made from. */
function redisVersion(said: string, pin: Pin): Found {
  const built = /^miniredis (v\S+)/m.exec(said)?.[1];
  if (built) return { version: built, right: built === pin.goModule?.version };
  const [, kind, version = ''] = /(Redis|Valkey) server v=(\d+\.\d+\S*)/.exec(said) ?? [];
  if (!kind) return { version: unknown, right: false };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return { version: `${kind} ${version}`, right: kind === 'Valkey' || major > 6 || (major === 6 && minor >= 2) };
}

/** What a server says about itself when it is asked for its version. */
export function readVersion(said: string, pin: Pin): Found {
  if (pin.name === 'minio' || pin.name === 'seaweedfs')
    return { version: /version (\S+)/.exec(said)?.[1] ?? unknown, right: false };
  if (pin.name === 'postgres') {
    const version = /\(PostgreSQL\) (\S+)/.exec(said)?.[1];
    return version ? { version, right: Number.parseInt(version, 10) >= 15 } : { version: unknown, right: false };
  }
  if (pin.name === 'redis-server') return redisVersion(said, pin);
  const version = releases[pin.name].exec(said)?.[1] ?? unknown;
  return { version, right: version === pin.wanted };
}

/** Asks a binary what it is. */
export async function versionOf(binary: string, pin: Pin): Promise<Found> {
  if (pin.name === 'minio' || pin.name === 'seaweedfs') return fromBuildInfo(binary, pin);
  return readVersion((await run(binary, ['--version'])).output, pin);
}

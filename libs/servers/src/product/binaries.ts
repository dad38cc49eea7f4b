import type { ServerBinary } from '../find/find-server.js';
import { findServers } from '../find/find-servers.js';
import type { ServerName } from '../pins.js';
import { dataMajor } from '../postgres/start.js';
import type { ProductOptions } from './options.js';

/** The servers that a run stands on; Redis only where there are several nodes of LiveKit. */
export interface Binaries {
  readonly postgres: ServerBinary;
  readonly nats: ServerBinary;
  readonly minio: ServerBinary;
  readonly livekit: ServerBinary;
  readonly redis: ServerBinary | null;
}

/** Finds them; each may have to be compiled. */
export async function findAll(options: ProductOptions, mediaNodes: number): Promise<Binaries> {
  const { onNotice, onProgress, signal } = options;
  const major = await dataMajor(options.postgresFolder);
  const always = ['postgres', 'nats-server', 'livekit-server', 'minio'] as const;
  const wanted: readonly ServerName[] = mediaNodes > 1 ? [...always, 'redis-server'] : always;
  const found = await findServers(wanted, {
    ...(onNotice ? { say: onNotice } : {}),
    ...(onProgress ? { progress: onProgress } : {}),
    ...(signal ? { signal } : {}),
    ...(major ? { postgresMajor: major } : {}),
  });
  return {
    postgres: found.postgres,
    nats: found['nats-server'],
    livekit: found['livekit-server'],
    minio: found.minio,
    redis: mediaNodes > 1 ? found['redis-server'] : null,
  };
}

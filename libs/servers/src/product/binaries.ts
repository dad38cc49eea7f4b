import { findServer, type ServerBinary } from '../find/find-server.js';
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

/** Finds them, one after another: each may have to be compiled, which takes every core. */
export async function findAll(options: ProductOptions, mediaNodes: number): Promise<Binaries> {
  const { onNotice, onProgress, signal } = options;
  const find = {
    ...(onNotice ? { say: onNotice } : {}),
    ...(onProgress ? { progress: onProgress } : {}),
    ...(signal ? { signal } : {}),
  };
  const major = await dataMajor(options.postgresFolder);
  const postgres = await findServer('postgres', { ...find, ...(major ? { postgresMajor: major } : {}) });
  const nats = await findServer('nats-server', find);
  const livekit = await findServer('livekit-server', find);
  const minio = await findServer('minio', find);
  const redis = mediaNodes > 1 ? await findServer('redis-server', find) : null;
  return { postgres, nats, livekit, minio, redis };
}

import { join } from 'node:path';

/** The servers Conclave runs on. */
export type ServerName = 'nats-server' | 'livekit-server' | 'minio' | 'postgres' | 'redis-server' | 'seaweedfs';

/** How one server is recognised and, where Go can build it, from what. */
export interface Pin {
  readonly name: ServerName;
  /** What we want, as a person reads it. */
  readonly wanted: string;
  /** Folder name in the cache; changes with the version, so that versions never mix. */
  readonly cacheKey: string;
  /** Go module and version as they stand inside the binary itself; null where Go does not build it. */
  readonly goModule: { readonly path: string; readonly version: string; readonly mainPackage: string } | null;
  /** Official image, for machines that have a container engine and nothing else; null for a server that only tests start, as a process. */
  readonly image: string | null;
  /** What the server in that image says it is, where that is not `wanted`. */
  readonly imageVersion?: string;
  /** Another name under which it lies on PATH. */
  readonly alias?: string;
}

/** The exact versions; a spec holds them equal to the committed go.mod files. */
export const pins: Readonly<Record<ServerName, Pin>> = {
  'nats-server': {
    name: 'nats-server',
    wanted: '2.14.5',
    cacheKey: 'nats-server-2.14.5',
    goModule: {
      path: 'github.com/nats-io/nats-server/v2',
      version: 'v2.14.5',
      mainPackage: 'github.com/nats-io/nats-server/v2',
    },
    image: 'nats:2.14.5',
  },
  'livekit-server': {
    name: 'livekit-server',
    wanted: '1.13.5',
    cacheKey: 'livekit-server-1.13.5',
    goModule: {
      path: 'github.com/livekit/livekit-server',
      version: 'v1.13.5',
      mainPackage: 'github.com/livekit/livekit-server/cmd/server',
    },
    image: 'livekit/livekit-server:v1.13.5',
  },
  minio: {
    name: 'minio',
    wanted: 'v0.0.0-20260212201848-7aac2a2c5b7c',
    cacheKey: 'minio-20260212201848-7aac2a2c5b7c',
    goModule: {
      path: 'github.com/minio/minio',
      version: 'v0.0.0-20260212201848-7aac2a2c5b7c',
      mainPackage: 'github.com/minio/minio',
    },
    // MinIO stopped publishing images; this is the last one, older than the pinned commit.
    image: 'minio/minio:RELEASE.2025-09-07T16-13-09Z',
    imageVersion: 'RELEASE.2025-09-07T16-13-09Z',
  },
  postgres: {
    name: 'postgres',
    wanted: '15 or newer',
    cacheKey: 'postgres-18.4.0-beta.17',
    goModule: null,
    image: 'postgres:17',
  },
  // Any Redis or Valkey of these years; where there is none, what Go can build (docs/adr/0008-several-of-everything-on-one-machine.md).
  'redis-server': {
    name: 'redis-server',
    wanted: '6.2 or newer, or Valkey',
    cacheKey: 'redis-server-miniredis-2.40.0',
    goModule: { path: 'github.com/alicebob/miniredis/v2', version: 'v2.40.0', mainPackage: '.' },
    image: 'redis:8.2.3',
    alias: 'valkey-server',
  },
  // A second store, by whose ways the storage suite proves that ours is not the only one that works.
  seaweedfs: {
    name: 'seaweedfs',
    wanted: 'v0.0.0-20261109003541-7506e5f91cd6',
    cacheKey: 'seaweedfs-20261109003541-7506e5f91cd6',
    goModule: {
      path: 'github.com/seaweedfs/seaweedfs',
      version: 'v0.0.0-20261109003541-7506e5f91cd6',
      mainPackage: 'github.com/seaweedfs/seaweedfs/weed',
    },
    image: null,
    alias: 'weed',
  },
};

/** Where the committed go.mod of each server lies; the same from `src` and from `dist`. */
export const modulesFolder = join(import.meta.dirname, '../../../deploy/local/servers');

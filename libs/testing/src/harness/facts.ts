import type { DatabaseRole, LiveKitKey, S3Credentials } from '@conclave/servers';

/** How to reach the cluster that the specs of one run share. */
export interface PostgresFacts {
  readonly host: string;
  readonly port: number;
  readonly superuserPassword: string;
  readonly passwords: Readonly<Record<DatabaseRole, string>>;
}

/** How to reach an object store of the run, as whoever rules it. */
export interface StoreFacts {
  readonly endpoint: string;
  readonly root: S3Credentials;
}

/** How to reach the media server of the run. */
export interface LiveKitFacts {
  readonly url: string;
  readonly api: LiveKitKey;
  readonly webhook: LiveKitKey;
}

/** The servers that specs share: each is safe to share because every spec gets a database, a bucket or rooms of its own. */
export interface SharedServers {
  postgres(): Promise<PostgresFacts>;
  minio(): Promise<StoreFacts>;
  seaweedfs(): Promise<StoreFacts>;
  livekit(): Promise<LiveKitFacts>;
}

/** Name of a shared server, as it is asked for. */
export type SharedServer = keyof SharedServers;

/** All of them. */
export const sharedServers: readonly SharedServer[] = ['postgres', 'minio', 'seaweedfs', 'livekit'];

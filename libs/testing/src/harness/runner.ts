import type { BusUser, LiveKitKey, NatsUser, Permissions } from '@conclave/servers';
import type { LiveKitFacts, PostgresFacts, StoreFacts } from './facts.js';

/** Something that was started for a test, and how to end it without leaving anything. */
export interface Started<Facts> {
  readonly facts: Facts;
  stop(): Promise<void>;
}

/** What a LiveKit for a test may be told. */
export interface LiveKitRequest {
  readonly api?: LiveKitKey;
  readonly webhook?: LiveKitKey;
  readonly webhookUrl?: string;
}

/** What a NATS for a test must be told. */
export interface NatsRequest {
  readonly users: Readonly<Record<BusUser, NatsUser>>;
  readonly permissions: Readonly<Record<BusUser, Permissions>>;
}

/** Starts real servers: as containers where an engine answers, as processes elsewhere. Specs cannot tell which. */
export interface ServerRunner {
  readonly kind: 'containers' | 'processes';
  postgres(): Promise<Started<PostgresFacts>>;
  minio(): Promise<Started<StoreFacts>>;
  seaweedfs(): Promise<Started<StoreFacts>>;
  livekit(request?: LiveKitRequest): Promise<Started<LiveKitFacts>>;
  nats(request: NatsRequest): Promise<Started<{ readonly url: string }>>;
}

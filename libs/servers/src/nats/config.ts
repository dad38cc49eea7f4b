import type { BusUser, Permissions } from './allow-list.js';
import { natsAuthorization } from './authorization.js';

/** What a NATS server needs to know. Public keys only: the server never sees a seed. */
export interface NatsConfig {
  readonly port: number;
  /** Where it tells its figures, without a password: loopback only. Nowhere where it is left out. */
  readonly monitorPort?: number;
  /** 127.0.0.1 everywhere but inside a container, which is reached through its mapped port. */
  readonly host?: string;
  readonly publicKeys: Readonly<Record<BusUser, string>>;
  readonly permissions: Readonly<Record<BusUser, Permissions>>;
}

/** The server's configuration, as text. NATS reads JSON as its own format. */
export function natsConfig(config: NatsConfig): string {
  return JSON.stringify(
    {
      server_name: 'conclave',
      host: config.host ?? '127.0.0.1',
      port: config.port,
      ...(config.monitorPort ? { http: `127.0.0.1:${config.monitorPort}` } : {}),
      // Control messages only; bytes of files never cross the bus.
      max_payload: 1_048_576,
      max_connections: 256,
      ping_interval: '20s',
      authorization: natsAuthorization(config.publicKeys, config.permissions),
    },
    null,
    2,
  );
}

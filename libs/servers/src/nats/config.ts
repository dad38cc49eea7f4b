import { busUsers, type BusUser, type Permissions } from './allow-list.js';

/** What a NATS server needs to know. Public keys only: the server never sees a seed. */
export interface NatsConfig {
  readonly port: number;
  /** 127.0.0.1 everywhere but inside a container, which is reached through its mapped port. */
  readonly host?: string;
  readonly publicKeys: Readonly<Record<BusUser, string>>;
  readonly permissions: Readonly<Record<BusUser, Permissions>>;
}

/** The server's configuration, as text. NATS reads JSON as its own format. */
export function natsConfig(config: NatsConfig): string {
  const users = busUsers.map((user) => ({
    nkey: config.publicKeys[user],
    permissions: {
      publish: { allow: config.permissions[user].publish },
      subscribe: { allow: config.permissions[user].subscribe },
      // A handler may answer where it was asked, once, and nowhere else.
      allow_responses: { max: 1, expires: '2m' },
    },
  }));
  return JSON.stringify(
    {
      server_name: 'conclave',
      host: config.host ?? '127.0.0.1',
      port: config.port,
      // Control messages only; bytes of files never cross the bus.
      max_payload: 1_048_576,
      max_connections: 256,
      ping_interval: '20s',
      authorization: { timeout: 5, users },
    },
    null,
    2,
  );
}

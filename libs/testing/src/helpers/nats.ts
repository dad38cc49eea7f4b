import { broadcastTable, methodTable } from '@conclave/contracts';
import { allowLists, busUsers, createNatsUsers, inboxPrefix, type BusUser } from '@conclave/servers';
import { connect, nkeyAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { serverRunner } from '../harness/choose.js';
import { onFileEnd } from '../harness/cleanup.js';

/** A bus of one's own. */
export interface TestNats {
  readonly url: string;
  /** As in NATS_NKEY_SEED. */
  readonly seeds: Readonly<Record<BusUser, string>>;
  /** A connection as that service, with its inbox prefix; closed after the file. */
  connect(as: BusUser): Promise<NatsConnection>;
  /** Stops the server, as if it had lost everything. */
  stop(): Promise<void>;
}

type AllowLists = ReturnType<typeof allowLists>;

/**
 * Starts a NATS server for one spec file, with the product's own users and allow-lists, made from the contracts.
 * `change` is for specs of a bus that somebody set up wrongly.
 */
export async function testNats(change: (lists: AllowLists) => AllowLists = (lists) => lists): Promise<TestNats> {
  const users = createNatsUsers();
  const runner = await serverRunner();
  const started = await runner.nats({ users, permissions: change(allowLists(methodTable, broadcastTable)) });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= started.stop());
  onFileEnd(stop);
  return {
    url: started.facts.url,
    seeds: Object.fromEntries(busUsers.map((user) => [user, users[user].seed])) as Record<BusUser, string>,
    connect: async (as) => {
      const connection = await connect({
        servers: started.facts.url,
        authenticator: nkeyAuthenticator(new TextEncoder().encode(users[as].seed)),
        inboxPrefix: inboxPrefix(as),
      });
      onFileEnd(() => connection.close());
      return connection;
    },
    stop,
  };
}

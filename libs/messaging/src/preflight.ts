import { broadcastTable, methodTable, type ServiceName } from '@conclave/contracts';
import { OperatorError, type PreflightCheck } from '@conclave/platform';
import {
  AuthorizationError,
  connect,
  nkeyAuthenticator,
  nkeys,
  NoRespondersError,
  PermissionViolationError,
  RequestError,
  type NatsConnection,
} from '@nats-io/transport-node';

/** Who joins the bus, and where. */
export interface BusAccess {
  readonly service: ServiceName | 'gateway';
  readonly url: string;
  readonly seed: string;
}

/** Whether the bus takes this service's nkey and gives it the rights of the contracts: no less, and not all of them. */
export function busCheck(access: BusAccess): PreflightCheck {
  return {
    name: 'nats',
    run: async () => {
      const connection = await join(access);
      try {
        const subjects = heardBy(access.service);
        for (const subject of subjects) {
          if (!(await mayHear(connection, subject))) {
            throw new OperatorError(
              `the bus knows this nkey, but does not let ${access.service} hear ${subject}: its allow-lists are of another ` +
                'release. Load those that `node dist/nats-config.js` of the tasks image prints, and reload NATS.',
            );
          }
        }
        const called = await callSomebody(connection, access.service);
        if (await mayHear(connection, '>')) {
          throw new OperatorError(
            'the bus lets this service hear everything: it has no allow-lists. Load those that `node dist/nats-config.js` ' +
              'of the tasks image prints, and reload NATS.',
          );
        }
        return `nkey accepted, ${subjects.length} subjects may be heard, ${called}, and nothing else`;
      } finally {
        await connection.close();
      }
    },
  };
}

async function join({ service, url, seed }: BusAccess): Promise<NatsConnection> {
  const bytes = new TextEncoder().encode(seed.trim());
  try {
    nkeys.fromSeed(bytes);
  } catch {
    throw new OperatorError('NATS_NKEY_SEED is no nkey seed of a user (SU…).');
  }
  try {
    return await connect({
      servers: url.split(','),
      name: `${service}-preflight`,
      authenticator: nkeyAuthenticator(bytes),
      inboxPrefix: `_INBOX.${service}`,
      reconnect: false,
      maxReconnectAttempts: 0,
      timeout: 5_000,
    });
  } catch (cause) {
    if (cause instanceof AuthorizationError) {
      throw new OperatorError(
        `the bus at ${url} refuses this service's nkey: its public key is not in NATS's configuration, or the seed is another service's.`,
        { cause },
      );
    }
    const refused = /authorization/i.test(String((cause as Error).message));
    throw new OperatorError(
      refused
        ? `the bus at ${url} refuses this service's nkey: its public key is not in NATS's configuration.`
        : `the bus at ${url} cannot be reached; check host, port, firewall and NetworkPolicy.`,
      { cause },
    );
  }
}

const heardBy = (service: string): string[] => [
  `_INBOX.${service}.>`,
  ...methodTable.filter((row) => row.service === service).map(({ subject }) => subject),
  ...broadcastTable.filter((row) => row.subscribers.includes(service as never)).map(({ subject }) => subject),
];

/** Outside of every queue, so no call of a running replica is taken away; what comes is dropped. */
async function mayHear(connection: NatsConnection, subject: string): Promise<boolean> {
  let refused = false;
  const subscription = connection.subscribe(subject, {
    callback: (error) => {
      refused ||= error instanceof PermissionViolationError;
    },
  });
  await connection.flush();
  if (!subscription.isClosed()) subscription.unsubscribe();
  return !refused;
}

/** One call that this service makes anyway and that changes nothing; whether anybody is there to answer does not matter. */
async function callSomebody(connection: NatsConnection, service: string): Promise<string> {
  const listing = methodTable.find(({ subject }) => subject.endsWith('.ListSigningKeys'));
  if (!listing || !(listing.callers as readonly string[]).includes(service)) return 'it calls nobody';
  try {
    await connection.request(listing.subject, new Uint8Array(), { timeout: 3_000 });
    return `${listing.service} answers`;
  } catch (cause) {
    const reason = cause instanceof RequestError ? (cause.cause ?? cause) : cause;
    if (reason instanceof NoRespondersError || cause instanceof NoRespondersError)
      return `${listing.service} may be called`;
    if (reason instanceof PermissionViolationError || cause instanceof PermissionViolationError) {
      throw new OperatorError(
        `the bus does not let ${service} call ${listing.subject}: its allow-lists are of another release. ` +
          'Load those that `node dist/nats-config.js` of the tasks image prints, and reload NATS.',
        { cause },
      );
    }
    return `${listing.service} is slow to answer`;
  }
}

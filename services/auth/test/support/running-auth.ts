import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { auth, common, eventToJson } from '@conclave/contracts';
import { Bus, bootService, createClient, type RunningService, type ServiceClient } from '@conclave/messaging';
import { createLogger, parseConfig, type Logger } from '@conclave/platform';
import { onFileEnd, testDatabase, testNats, type TestDatabase, type TestNats } from '@conclave/testing';
import { AppModule } from '../../src/app.module.js';
import { configSchema, type Config } from '../../src/config.js';

/** Everything the gateway may ask of auth. */
export interface Clients {
  readonly accounts: ServiceClient<typeof auth.AccountsService>;
  readonly sessions: ServiceClient<typeof auth.SessionsService>;
  readonly tokens: ServiceClient<typeof auth.PersonalTokensService>;
  readonly factors: ServiceClient<typeof auth.FactorsService>;
  readonly people: ServiceClient<typeof auth.PeopleService>;
  readonly keys: ServiceClient<typeof auth.SigningKeysService>;
  readonly feed: ServiceClient<typeof auth.FeedService>;
  readonly addresses: ServiceClient<typeof auth.AddressesService>;
  readonly recovery: ServiceClient<typeof auth.RecoveryService>;
}

/** The real service over a real Postgres and a real NATS with the product's allow-lists. */
export interface RunningAuth {
  readonly config: Config;
  readonly service: RunningService;
  readonly nats: TestNats;
  readonly database: TestDatabase;
  /** As the owner of the tables. */
  readonly sql: Awaited<ReturnType<TestDatabase['connect']>>;
  readonly gateway: Clients;
  readonly rooms: Clients;
  /** The bus as each service may use it. */
  readonly busAs: (service: 'gateway' | 'rooms' | 'files') => Promise<Bus>;
  /** A bare connection with the gateway's rights. */
  readonly raw: Awaited<ReturnType<TestNats['connect']>>;
  /** Every line the service has logged so far. */
  readonly logLines: () => string;
  /** Another replica on the same database and bus. */
  replica(): Promise<RunningService>;
}

/** How many passwords were hashed or checked so far: whoever is turned away before it costs nothing. */
export async function hashesOf({ service }: RunningAuth): Promise<number> {
  const { host, port } = service.internal;
  const metrics = await (await fetch(`http://${host}:${port}/metrics`)).text();
  return Number(/^auth_hash_duration_seconds_count (\d+)/m.exec(metrics)?.[1] ?? 0);
}

/** A signing key as the environment carries it. */
export const newSigningKeyPem = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A complete environment. */
export const environment = (database: TestDatabase, nats: TestNats): Record<string, string> => ({
  INTERNAL_HOST: '127.0.0.1',
  INTERNAL_PORT: '0',
  LOG_LEVEL: 'debug',
  NATS_URL: nats.url,
  NATS_NKEY_SEED: nats.seeds.auth,
  PUBLIC_URL: 'https://conclave.test',
  DATABASE_URL: database.url,
  DATABASE_PASSWORD: database.password,
  TOKEN_PEPPER: randomBytes(32).toString('base64'),
  SIGNING_KEY: newSigningKeyPem(),
});

/** What a spec waits for an answer: longer than anybody in the product does, for how soon it comes is the machine's affair. */
const patient = { timeoutMs: 25_000 };

const clientsOf = (bus: Bus): Clients => ({
  accounts: createClient(auth.AccountsService, bus, patient),
  sessions: createClient(auth.SessionsService, bus, patient),
  tokens: createClient(auth.PersonalTokensService, bus, patient),
  factors: createClient(auth.FactorsService, bus, patient),
  people: createClient(auth.PeopleService, bus, patient),
  keys: createClient(auth.SigningKeysService, bus, patient),
  feed: createClient(auth.FeedService, bus, patient),
  addresses: createClient(auth.AddressesService, bus, patient),
  recovery: createClient(auth.RecoveryService, bus, patient),
});

/** Boots auth for one spec file; everything ends with it. */
export async function runAuth(changes: Record<string, string> = {}): Promise<RunningAuth> {
  const [database, nats] = await Promise.all([testDatabase('auth'), testNats()]);
  const config = parseConfig(configSchema, { ...environment(database, nats), ...changes });
  const lines: string[] = [];
  const boot = async (): Promise<RunningService> => {
    const service = await bootService({
      service: 'auth',
      config,
      module: AppModule.forRoot(config),
      ownSigningKeys: true,
      logger: loggerInto(lines),
    });
    onFileEnd(() => service.close());
    return service;
  };
  const service = await boot();
  const buses = new Map<string, Promise<Bus>>();
  const connectAs = async (as: 'gateway' | 'rooms' | 'files'): Promise<Bus> => {
    const bus = await Bus.connect({ url: nats.url, seed: nats.seeds[as], service: as });
    onFileEnd(() => bus.close());
    return bus;
  };
  const busAs = (as: 'gateway' | 'rooms' | 'files'): Promise<Bus> => {
    const bus = buses.get(as) ?? connectAs(as);
    buses.set(as, bus);
    return bus;
  };
  return {
    config,
    service,
    nats,
    database,
    sql: await database.connect('owner'),
    busAs,
    gateway: clientsOf(await busAs('gateway')),
    rooms: clientsOf(await busAs('rooms')),
    raw: await nats.connect('gateway'),
    logLines: () => lines.join('\n'),
    replica: boot,
  };
}

const loggerInto = (lines: string[]): Logger =>
  createLogger('auth', {
    level: 'debug',
    destination: { write: (line: string) => void lines.push(line) },
  });

/** What a person of these specs typed. */
export interface Typed {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
}

/** Somebody who is signed up and signed in. */
export interface SignedUp extends Typed {
  readonly id: string;
  readonly personalToken: string;
  readonly sessionToken: string;
  readonly sessionId: string;
  /** What the browser is known by. */
  readonly deviceToken: string;
  /** Call options that carry this person. */
  readonly as: { readonly principal: string };
}

let people = 0;

/** An event as the feed tells it. */
export interface Told {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The feed once it is so: it tells an event when no older transaction of the whole server is open, and other specs have some. */
export async function feedWith(running: RunningAuth, holds: (told: readonly Told[]) => boolean): Promise<Told[]> {
  for (const end = Date.now() + 40_000; ;) {
    const { events } = await running.rooms.feed.listEvents({ limit: 500 });
    const told = events.map(({ type, event }) => ({
      type,
      payload: eventToJson(common.FeedEventSchema, event)?.facts ?? {},
    }));
    if (holds(told)) return told;
    if (Date.now() > end) throw new Error(`the feed says ${JSON.stringify(told)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** An address of its own in TEST-NET-2 for each call, so that throttles of one spec do not touch another. */
export const freshAddress = (): string => `198.51.${100 + Math.floor(++people / 250)}.${people % 250}`;

/** Signs somebody up through the bus; unsaid facts are invented. */
export async function signUp(
  running: RunningAuth,
  facts: Partial<Typed> & { userAgent?: string; clientAddress?: string; formerSessionToken?: string } = {},
): Promise<SignedUp> {
  const typed: Typed = {
    email: facts.email ?? `${randomUUID()}@berg-partner.example`,
    password: facts.password ?? `correct horse ${randomUUID()}`,
    displayName: facts.displayName ?? 'Marta Berg',
  };
  const { account, personalToken, sessionToken, deviceToken } = await running.gateway.accounts.createAccount({
    ...typed,
    userAgent: facts.userAgent ?? 'Firefox',
    clientAddress: facts.clientAddress ?? freshAddress(),
    formerSessionToken: facts.formerSessionToken ?? '',
  });
  const { principalToken, sessionId } = await running.gateway.sessions.resolveSession({ sessionToken });
  return {
    ...typed,
    id: account?.id ?? '',
    personalToken,
    sessionToken,
    sessionId,
    deviceToken,
    as: { principal: principalToken },
  };
}

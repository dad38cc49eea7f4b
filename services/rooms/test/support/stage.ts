import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rooms } from '@conclave/contracts';
import { bootService, Bus, createClient, type RunningService } from '@conclave/messaging';
import { testPrincipals, type TestPerson, type TestPrincipals } from '@conclave/messaging/testing';
import { createLogger } from '@conclave/platform';
import {
  freePort,
  onFileEnd,
  testDatabase,
  testLiveKit,
  testNats,
  type TestDatabase,
  type TestLiveKit,
  type TestNats,
} from '@conclave/testing';
import type pg from 'pg';
import { AppModule } from '../../src/app.module.js';
import type { Config } from '../../src/config.js';
import { neighbours, type Neighbours } from './neighbours.js';
import { patiently } from './patiently.js';

/** What a spec waits for an answer: longer than anybody in the product does, for how soon it comes is the machine's affair. */
const patientMs = 25_000;

/** Typed clients of rooms in one person's name, over the bus as the gateway. */
export function clientsOf(bus: Bus, person: TestPerson) {
  const options = {
    // Read by each call: a token may live shorter than a spec takes.
    get principal() {
      return person.token;
    },
    timeoutMs: patientMs,
  };
  return {
    rooms: createClient(rooms.RoomsService, bus, options),
    codes: createClient(rooms.AccessCodesService, bus, options),
    invitations: createClient(rooms.InvitationsService, bus, options),
    entry: createClient(rooms.EntryService, bus, options),
    lobby: createClient(rooms.LobbyService, bus, options),
    participants: createClient(rooms.ParticipantsService, bus, options),
    members: createClient(rooms.MembersService, bus, options),
    messages: createClient(rooms.MessagesService, bus, options),
    events: createClient(rooms.RoomEventsService, bus, options),
  };
}

/** An invented person with clients of their own. */
export type Actor = TestPerson & ReturnType<typeof clientsOf>;

/** Rooms with real Postgres, NATS and LiveKit, and its two neighbours. */
export interface Stage {
  readonly config: Config;
  readonly nats: TestNats;
  readonly database: TestDatabase;
  /** As role rooms. */
  readonly sql: pg.Client;
  readonly livekit: TestLiveKit;
  readonly principals: TestPrincipals;
  readonly neighbours: Neighbours;
  readonly gateway: Bus;
  readonly service: RunningService;
  /** A client of the service's presence, as files. */
  readonly presence: ReturnType<typeof presenceClient>;
  person(facts?: Partial<TestPerson>): Actor;
  /** The same person, with another session, name or age of the token. */
  as(person: TestPerson, changes?: Partial<TestPerson>): Actor;
  /** Every line the service has logged so far. */
  logLines(): string;
  /** One more replica. */
  replica(overrides?: Partial<Config>): Promise<RunningService>;
}

const presenceClient = (bus: Bus) => createClient(rooms.PresenceService, bus, { timeoutMs: patientMs });

/** Opens the stage for one spec file. */
export async function openStage(
  options: { config?: Partial<Config>; livekitUrl?: (url: string) => Promise<string> } = {},
): Promise<Stage> {
  const webhookPort = await freePort();
  const [database, nats, livekit, kekDir] = await Promise.all([
    testDatabase('rooms'),
    testNats(),
    testLiveKit({ webhookUrl: `http://127.0.0.1:${webhookPort}/livekit` }),
    kekFolder(),
  ]);
  const config: Config = {
    INTERNAL_HOST: '127.0.0.1',
    INTERNAL_PORT: 0,
    LOG_LEVEL: 'error',
    NATS_URL: nats.url,
    NATS_NKEY_SEED: nats.seeds.rooms,
    PUBLIC_URL: 'https://conclave.example',
    DATABASE_URL: database.url,
    DATABASE_PASSWORD: database.password,
    KEYS_DATABASE_URL: database.keysUrl ?? '',
    KEYS_DATABASE_PASSWORD: database.keysPassword ?? '',
    MIGRATIONS: 'run',
    TOKEN_PEPPER: randomBytes(32),
    KEK_DIR: kekDir,
    KEK_ACTIVE: 'v1',
    LIVEKIT_URL: (await options.livekitUrl?.(livekit.url)) ?? livekit.url,
    LIVEKIT_API_KEY: livekit.apiKey,
    LIVEKIT_API_SECRET: livekit.apiSecret,
    WEBHOOK_HOST: '127.0.0.1',
    WEBHOOK_PORT: webhookPort,
    LIVEKIT_WEBHOOK_KEY: livekit.webhookKey,
    LIVEKIT_WEBHOOK_SECRET: livekit.webhookSecret,
    ...options.config,
  };
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const principals = await patiently(() => testPrincipals({ url: nats.url, seed: nats.seeds.auth }));
  onFileEnd(() => principals.close());
  const boot = async (overrides: Partial<Config> = {}): Promise<RunningService> => {
    const own = { ...config, ...overrides };
    const facts = {
      service: 'rooms' as const,
      config: own,
      module: AppModule.forRoot(own),
      ...(process.env['ROOMS_TEST_LOGS'] ? {} : { logger: createLogger('rooms', { level: 'debug', destination }) }),
    };
    const running = await patiently(() => bootService(facts));
    onFileEnd(() => running.close());
    return running;
  };
  const busOf = (name: 'gateway' | 'files'): Promise<Bus> =>
    patiently(() => Bus.connect({ url: nats.url, seed: nats.seeds[name], service: name }));
  const [gateway, filesBus] = await Promise.all([busOf('gateway'), busOf('files')]);
  const around = await neighbours(nats);
  const service = await boot();
  onFileEnd(() => Promise.all([gateway.close(), filesBus.close()]));
  const actor = (person: TestPerson): Actor => Object.assign(person, clientsOf(gateway, person));
  return {
    config,
    nats,
    database,
    livekit,
    principals,
    gateway,
    service,
    neighbours: around,
    sql: await database.connect(),
    presence: presenceClient(filesBus),
    person: (facts) => actor(principals.person(facts)),
    as: (person, changes = {}) => {
      const { userId, sessionId, displayName, email, emailVerifiedBy, roles } = { ...person, ...changes };
      // Another session is another credential.
      const { credentialId = changes.sessionId === undefined ? person.credentialId : undefined } = changes;
      const facts = { userId, sessionId, displayName, email, emailVerifiedBy, roles };
      return actor(principals.person({ ...facts, ...(credentialId !== undefined && { credentialId }) }));
    },
    logLines: () => lines.join('\n'),
    replica: async (overrides) => boot({ WEBHOOK_PORT: 0, ...overrides }),
  };
}

async function kekFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'conclave-kek-'));
  onFileEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'v1');
  await writeFile(file, randomBytes(32).toString('base64'), { mode: 0o600 });
  await chmod(file, 0o600);
  return folder;
}

/** The reason a call was refused for; fails where it was not. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
  return 'nothing was refused';
}

/** Waits until something is true; the last failure is thrown. */
export async function eventually<T>(look: () => Promise<T>, within = 40_000): Promise<T> {
  const until = Date.now() + within;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

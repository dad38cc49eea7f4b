import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { files, subjectOf, type DescMethod } from '@conclave/contracts';
import { headers } from '@nats-io/transport-node';
import { bootService, createClient, type RunningService, type ServiceClient } from '@conclave/messaging';
import { testPrincipals, type TestPerson, type TestPrincipals } from '@conclave/messaging/testing';
import { createLogger, parseConfig } from '@conclave/platform';
import {
  onFileEnd,
  testBucket,
  testDatabase,
  testNats,
  type TestBucket,
  type TestDatabase,
  type TestNats,
} from '@conclave/testing';
import { Bus } from '@conclave/messaging';
import { AppModule } from '../../src/app.module.js';
import { configSchema } from '../../src/config.js';
import { DataPlane } from '../../src/content/data-plane.js';
import { Sweeper } from '../../src/sweeper/sweeper.js';
import type { SweepTimes } from '../../src/sweeper/sweep-times.js';
import { DataClient } from './data-client.js';
import { RoomsResponder } from './rooms-responder.js';

/** What a spec may want otherwise. */
export interface WorldOptions {
  readonly config?: Readonly<Record<string, string>>;
  readonly times?: Partial<SweepTimes>;
}

/** Files with real servers around it; where rooms and auth would stand, responders with their nkeys answer on the bus. */
export interface FilesWorld {
  readonly nats: TestNats;
  readonly bucket: TestBucket;
  readonly database: TestDatabase;
  readonly rooms: RoomsResponder;
  readonly principals: TestPrincipals;
  readonly env: Readonly<Record<string, string>>;
  /** Every line of the log so far. */
  readonly log: string[];
  readonly service: RunningService;
  readonly data: DataClient;
  /** Calls files as the gateway does, in the name of a person. */
  as(person: TestPerson): ServiceClient<typeof files.FilesService>;
  /** The same for uploads that are kept. */
  uploadsAs(person: TestPerson): ServiceClient<typeof files.UploadsService>;
  /** A person who is in the room. */
  inside(room: { id: string }, role?: 'owner' | 'moderator' | 'participant'): TestPerson;
  /** Shares a file from start to end; answers its id. */
  share(person: TestPerson, slug: string, body: Uint8Array, name?: string): Promise<string>;
  /** Starts one more process's worth of the same service. */
  boot(options?: WorldOptions): Promise<{ service: RunningService; data: DataClient }>;
  restart(options?: WorldOptions): Promise<void>;
  /** One sweep with a comparison of bucket and index; false when another replica is at it. */
  sweep(): Promise<boolean>;
  /** The feed of files as another service would pull it. */
  feedAs(service: 'rooms' | 'gateway'): Promise<ServiceClient<typeof files.FeedService>>;
  /** Sends bytes to a method as whoever may call it; answers the reason of the refusal. */
  rawCall(method: DescMethod, bytes: Uint8Array, token: string): Promise<string>;
}

const sessionSecret = (bytes = 32): string => randomBytes(bytes).toString('base64');

/** Starts it all; everything ends with the spec file. */
export async function filesWorld(options: WorldOptions = {}): Promise<FilesWorld> {
  const [nats, bucket, database] = await Promise.all([testNats(), testBucket(), testDatabase('files')]);
  const kekDirectory = await mkdtemp(join(tmpdir(), 'conclave-kek-'));
  await writeFile(join(kekDirectory, 'v1'), sessionSecret(), { mode: 0o600 });
  onFileEnd(() => rm(kekDirectory, { recursive: true, force: true }));
  const principals = await testPrincipals({ url: nats.url, seed: nats.seeds.auth });
  const rooms = await RoomsResponder.start({ url: nats.url, seed: nats.seeds.rooms });
  const gateway = await Bus.connect({ url: nats.url, seed: nats.seeds.gateway, service: 'gateway' });
  onFileEnd(() => Promise.all([principals.close(), rooms.close(), gateway.close()]));

  const env = {
    INTERNAL_HOST: '127.0.0.1',
    INTERNAL_PORT: '0',
    PUBLIC_URL: 'http://localhost:8080',
    NATS_URL: nats.url,
    NATS_NKEY_SEED: nats.seeds.files,
    DATABASE_URL: database.url,
    DATABASE_PASSWORD: database.password,
    KEYS_DATABASE_URL: database.keysUrl ?? '',
    KEYS_DATABASE_PASSWORD: database.keysPassword ?? '',
    KEK_DIR: kekDirectory,
    KEK_ACTIVE: 'v1',
    S3_ENDPOINT: bucket.endpoint,
    S3_REGION: bucket.region,
    S3_BUCKET: bucket.bucket,
    S3_ACCESS_KEY: bucket.accessKey,
    S3_SECRET_KEY: bucket.secretKey,
    HOP_TOKEN_KEY: sessionSecret(),
    DATA_HOST: '127.0.0.1',
    DATA_PORT: '0',
    SEALING_SUITE: '01',
    SEALING_WORKERS: '2',
    MAX_FILE_BYTES: String(64 * 1024 * 1024),
    ROOM_QUOTA_BYTES: String(256 * 1024 * 1024),
    PERSON_QUOTA_BYTES: String(1024 * 1024 * 1024),
    LOG_LEVEL: 'info',
    ...options.config,
  };
  const log: string[] = [];
  const logger = createLogger('files', { destination: { write: (line: string) => void log.push(line) } });
  const running = new Set<RunningService>();
  onFileEnd(() => Promise.all([...running].map((service) => service.close())));

  const boot: FilesWorld['boot'] = async (changes = {}) => {
    const config = parseConfig(configSchema, { ...env, ...changes.config });
    const module = AppModule.forRoot(config, { every: 3_600_000, ...options.times, ...changes.times });
    const service = await bootService({ service: 'files', config, module, logger });
    running.add(service);
    return { service, data: new DataClient(service.app.get(DataPlane).port) };
  };

  const callers: Record<string, Awaited<ReturnType<TestNats['connect']>>> = {};
  let current = await boot();
  const as: FilesWorld['as'] = (person) =>
    createClient(files.FilesService, gateway, { principal: person.token, timeoutMs: 25_000 });
  return {
    nats,
    bucket,
    database,
    rooms,
    principals,
    env,
    log,
    get service() {
      return current.service;
    },
    get data() {
      return current.data;
    },
    as,
    uploadsAs: (person) => createClient(files.UploadsService, gateway, { principal: person.token, timeoutMs: 25_000 }),
    inside(room, role = 'participant') {
      const person = principals.person();
      rooms.enter(room.id, person, role);
      return person;
    },
    async share(person, slug, body, name = `${randomUUID()}.bin`) {
      const { fileId, hopToken } = await as(person).startUpload({
        slug,
        name,
        type: 'text/plain',
        size: BigInt(body.length),
      });
      const answer = await current.data.put(fileId, hopToken, body);
      if (answer.status !== 201) throw new Error(`upload answered ${answer.status} ${answer.body.toString()}`);
      return fileId;
    },
    boot,
    sweep: () => current.service.app.get(Sweeper).sweep({ compare: true }),
    async feedAs(service) {
      const bus = await Bus.connect({ url: nats.url, seed: nats.seeds[service], service });
      onFileEnd(() => bus.close());
      return createClient(files.FeedService, bus, { timeoutMs: 25_000 });
    },
    async rawCall(method, bytes, token) {
      const caller = method.parent.name === 'FeedService' ? 'rooms' : 'gateway';
      const connection = (callers[caller] ??= await nats.connect(caller));
      const fields = headers();
      fields.set('conclave-principal', token);
      const reply = await connection.request(subjectOf(method), bytes, { headers: fields, timeout: 25_000 });
      return reply.headers?.get('conclave-error') ?? '';
    },
    async restart(changes) {
      running.delete(current.service);
      await current.service.close();
      current = await boot(changes);
    },
  };
}

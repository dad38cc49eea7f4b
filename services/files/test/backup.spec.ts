import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onFileEnd, testBucket, testDatabase, type TestBucket, type TestDatabase } from '@conclave/testing';
import { command, start } from './support/command.js';
import { filesWorld } from './support/files-world.js';

type Environment = Record<string, string>;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const task = (name: string, env: Environment) => start(`deploy/tasks/src/${name}.ts`, env).ended;

const connections = (database: TestDatabase): Environment => ({
  DATABASE_URL: database.url,
  DATABASE_PASSWORD: database.password,
  ...(database.keysUrl && { KEYS_DATABASE_URL: database.keysUrl, KEYS_DATABASE_PASSWORD: database.keysPassword ?? '' }),
});
const bucketOf = ({ endpoint, region, bucket, accessKey, secretKey }: TestBucket, prefix = ''): Environment => ({
  [`${prefix}S3_ENDPOINT`]: endpoint,
  [`${prefix}S3_REGION`]: region,
  [`${prefix}S3_BUCKET`]: bucket,
  [`${prefix}S3_ACCESS_KEY`]: accessKey,
  [`${prefix}S3_SECRET_KEY`]: secretKey,
});

/** A migrated, empty database of a service, as tasks want it and as its service does. */
async function empty(service: 'auth' | 'rooms' | 'files'): Promise<{ tasks: Environment; own: Environment }> {
  const own = connections(await testDatabase(service));
  const { code, output } = await start(`services/${service}/src/migrate.ts`, { ...own, MIGRATIONS: 'run' }).ended;
  if (code !== 0) throw new Error(output);
  return { own, tasks: prefixed(service, own) };
}
const prefixed = (service: string, env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).map(([key, value]) => [`${service.toUpperCase()}_${key}`, value]));

it('files that were shared open from a backup in another bucket, on empty servers, with keys from that backup', async () => {
  const world = await filesWorld();
  const room = world.rooms.room();
  const person = world.inside(room);
  const shared = new Map<string, string>();
  for (const size of [0, 70_000, 20 * 1024 * 1024]) {
    const body = randomBytes(size);
    shared.set(await world.share(person, room.slug, body), sha256(body));
  }
  const copies = await testBucket();
  const identity = (await task('backup-key', {})).output;
  const place = { ...bucketOf(copies, 'BACKUP_'), BACKUP_IDENTITY: identity };
  const others = await Promise.all([empty('auth'), empty('rooms')]);
  const made = await task('backup', {
    ...place,
    ...bucketOf(world.bucket),
    ...prefixed('files', connections(world.database)),
    ...others[0].tasks,
    ...others[1].tasks,
    BACKUP_RECIPIENTS: /age1\S+/.exec(identity)?.[0] ?? '',
    BACKUP_KEYS_DIR: world.env['KEK_DIR'] ?? '',
  });
  expect(made.output).toContain('objects: 3 copied, 0 there already');
  expect(made.code).toBe(0);
  await world.service.close();

  const folder = await mkdtemp(join(tmpdir(), 'conclave-restored-'));
  onFileEnd(() => rm(folder, { recursive: true, force: true }));
  const keks = join(folder, 'kek');
  expect(await task('restore-keys', { ...place, RESTORE_KEYS_DIR: keks })).toMatchObject({ code: 0, output: 'v1\n' });
  const fresh = await Promise.all([empty('auth'), empty('rooms'), empty('files')]);
  const bucket = bucketOf(await testBucket());
  const restored = await task('restore', {
    ...place,
    ...bucket,
    ...Object.assign({}, ...fresh.map(({ tasks }) => tasks)),
  });
  expect(restored.output).toContain('is restored');
  expect(restored.code).toBe(0);

  const config = { ...bucket, ...fresh[2].own, KEK_DIR: keks };
  const check = await command('check', { ...world.env, ...config });
  expect(check.output).toContain('3 of 3 files opened');
  expect(check.output).toContain('0 faults; 0 objects without a file');
  expect(check.code).toBe(0);

  const { data } = await world.boot({ config });
  for (const [fileId, expected] of shared) {
    const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    expect(sha256((await data.get(fileId, hopToken)).body)).toBe(expected);
  }
}, 180_000);

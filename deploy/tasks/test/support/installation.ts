import { randomBytes, randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { testBucket, testDatabase, type TestBucket, type TestDatabase } from '@conclave/testing';
import type pg from 'pg';
import { schemaTables } from '../../src/backup/databases.js';
import { run } from './run.js';

/** The databases and the bucket of an installation without its services. */
export interface Installation {
  /** As the tasks want it. */
  readonly env: Readonly<Record<string, string>>;
  readonly bucket: TestBucket;
  readonly files: pg.Client;
  readonly rooms: pg.Client;
  /** A row of the index and its object; answers the object's key. */
  addFile(size?: number): Promise<string>;
  /** Every row of every table, as text, but for what a restore numbers anew and what says how the schema stands. */
  rows(): Promise<Record<string, string>>;
}

const services = ['auth', 'rooms', 'files'] as const;

/** Empty databases that their services' own `migrate` has brought up, and an empty bucket. */
export async function installation(): Promise<Installation> {
  const bucket = await testBucket();
  const databases = await Promise.all(services.map((name) => testDatabase(name)));
  const env: Record<string, string> = {
    S3_ENDPOINT: bucket.endpoint,
    S3_REGION: bucket.region,
    S3_BUCKET: bucket.bucket,
    S3_ACCESS_KEY: bucket.accessKey,
    S3_SECRET_KEY: bucket.secretKey,
  };
  await Promise.all(
    databases.map(async (database, at) => {
      const own = connections(database);
      for (const [key, value] of Object.entries(own)) env[`${services[at]?.toUpperCase()}_${key}`] = value;
      const { code, output } = await run(`services/${services[at]}/src/migrate.ts`, { ...own, MIGRATIONS: 'run' });
      if (code !== 0) throw new Error(output);
    }),
  );
  const [, rooms, files] = await Promise.all(databases.map((database) => database.connect()));
  return {
    env,
    bucket,
    rooms: rooms!,
    files: files!,
    addFile: (size = 1000) => addFile(files!, bucket, size),
    rows: async () => Object.assign({}, ...(await Promise.all(databases.map(rowsOf)))) as Record<string, string>,
  };
}

function connections({ url, password, keysUrl, keysPassword }: TestDatabase): Record<string, string> {
  return {
    DATABASE_URL: url,
    DATABASE_PASSWORD: password,
    ...(keysUrl && keysPassword ? { KEYS_DATABASE_URL: keysUrl, KEYS_DATABASE_PASSWORD: keysPassword } : {}),
  };
}

async function addFile(files: pg.Client, { root, bucket }: TestBucket, size: number): Promise<string> {
  const key = randomBytes(24).toString('hex');
  const body = randomBytes(size);
  await root.putObject(bucket, key, body, body.length);
  await files.query(
    `insert into file (id, room_id, owner_id, status, object_key, metadata, size, header, object_length, manifest_tag,
            manifest_version, tag_root, object_crc32)
     values ($1, $2, $3, 'available', $4, $5, $6, $7, $6, $8, 2, $8, $9)`,
    [
      randomUUID(),
      randomUUID(),
      randomUUID(),
      key,
      randomBytes(9),
      size,
      randomBytes(72),
      randomBytes(32),
      crc32(body),
    ],
  );
  return key;
}

async function rowsOf(database: TestDatabase): Promise<Record<string, string>> {
  const client = await database.connect('superuser');
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'keys')
      and tablename <> all($1)`,
    [[...schemaTables, 'outbox', 'feed_cursor']],
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t order by 1`);
    found[`${database.name.split('_')[0]} ${name}`] = rows.map(({ row }) => row).join('\n');
  }
  await client.end();
  return found;
}

import { pipeline } from 'node:stream/promises';
import { OperatorError } from '@conclave/platform';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Opener } from './age.js';
import {
  connect,
  databaseNames,
  migrationsOf,
  schemaOf,
  tablesOf,
  type DatabaseName,
  type Databases,
} from './databases.js';
import { digestOf } from './digest.js';
import { passTransactions, renumberFeeds } from './feeds.js';
import { listBackups, objectName, readManifest, type BackedObject, type Manifest } from './manifest.js';
import { overAll, readObjectList, restoreObjects } from './objects.js';
import { openPart, requireDigest } from './parts.js';
import type { PartStore } from './store.js';

/** What to restore, and where to. */
export interface RestoreOptions {
  readonly source: PartStore;
  /** The newest whole one where none is named. */
  readonly id?: string;
  readonly opener: Opener;
  readonly databases: Databases;
  readonly bucket: PartStore;
  readonly say: (line: string) => void;
}

/**
 * Puts a backup into databases that are migrated and empty, and into an empty bucket. Every part is opened and compared
 * first; the databases are filled in transactions that are committed when all of them hold everything.
 *
 * @throws OperatorError before anything is written, when something is missing, changed, sealed for another identity, or not empty
 */
export async function restore(options: RestoreOptions): Promise<Manifest> {
  const { source, bucket, say } = options;
  const { manifest, objects } = await verifyBackup(options);
  const clients = new Map<DatabaseName, pg.Client>();
  try {
    for (const name of databaseNames) clients.set(name, await connect(name, options.databases[name]));
    for (const [name, client] of clients) await requireEmpty(client, name, manifest);
    await requireEmptyBucket(bucket, objects);

    say(`objects: ${await restoreObjects(objects, source, bucket)} put into ${bucket.where}`);
    for (const client of clients.values()) await client.query('begin');
    for (const [name, client] of clients) {
      await fill(client, name, manifest, options);
      say(`database ${name}: filled`);
    }
    const highest = await renumberFeeds(clients);
    for (const client of clients.values()) await client.query('commit');
    for (const [name, number] of highest) {
      const client = clients.get(name);
      if (client) await passTransactions(client, number);
    }
  } finally {
    // Whatever was not committed is gone with its connection.
    await Promise.all([...clients.values()].map((client) => client.end().catch(() => {})));
  }
  return manifest;
}

/** Looks at every part of a backup and opens every sealed one to its end; writes nothing. */
export async function verifyBackup({
  source,
  id,
  opener,
  say,
}: Pick<RestoreOptions, 'source' | 'id' | 'opener' | 'say'>): Promise<{ manifest: Manifest; objects: BackedObject[] }> {
  const chosen = id ?? (await listBackups(source)).whole.at(-1);
  if (chosen === undefined) throw new OperatorError(`There is no finished backup in ${source.where}.`);
  const manifest = await readManifest(source, chosen);
  for (const { tables } of Object.values(manifest.databases)) {
    for (const part of tables) {
      await requireDigest(source, part.name, part);
      await digestOf(await openPart(source, opener, part.name));
    }
  }
  const objects = await readObjectList(source, manifest);
  await overAll(objects, ({ key, bytes, sha256 }) => requireDigest(source, objectName(key), { bytes, sha256 }));
  say(`backup ${manifest.id} of release ${manifest.release}: every part is there, unchanged, and opens`);
  return { manifest, objects };
}

async function requireEmpty(client: pg.Client, name: DatabaseName, { databases, release }: Manifest): Promise<void> {
  const schema = schemaOf(name);
  const before = databases[name].migrations;
  const now = await migrationsOf(client, schema);
  if (now.length === 0) {
    throw new OperatorError(
      `Database ${name} has no tables yet: run \`node dist/migrate.js\` of release ${release} for it, then restore.`,
    );
  }
  if (before.join() !== now.join()) {
    throw new OperatorError(
      `Database ${name} was migrated by another release than the backup's: migrate empty databases with release ${release}, ` +
        'restore, and upgrade then.',
    );
  }
  for (const table of await tablesOf(client, schema)) {
    const { rows } = await client.query(
      `select 1 from ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table.name)} limit 1`,
    );
    if (rows.length > 0) {
      throw new OperatorError(
        `Database ${name} is not empty (${table.name} has rows): a restore goes into empty databases only. Were the services started before it?`,
      );
    }
  }
}

async function requireEmptyBucket(bucket: PartStore, objects: readonly BackedObject[]): Promise<void> {
  const ours = new Set(objects.map(({ key }) => key));
  for await (const key of bucket.list('')) {
    if (ours.has(key)) continue;
    throw new OperatorError(
      `${bucket.where} holds other objects than this backup's: a restore goes into an empty bucket only.`,
    );
  }
}

async function fill(
  client: pg.Client,
  name: DatabaseName,
  manifest: Manifest,
  { source, opener }: RestoreOptions,
): Promise<void> {
  const schema = schemaOf(name);
  const dump = manifest.databases[name];
  const parts = new Map(dump.tables.map((part) => [part.table, part]));
  for (const table of await tablesOf(client, schema)) {
    const part = parts.get(table.name);
    if (!part) throw new OperatorError(`The backup holds nothing of table ${table.name} of ${name}.`);
    const into = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table.name)}`;
    const columns = part.columns.map((column) => pg.escapeIdentifier(column)).join(', ');
    await pipeline(
      await openPart(source, opener, part.name),
      client.query(copyFrom(`copy ${into} (${columns}) from stdin`)),
    );
    const { rows } = await client.query<{ n: string }>(`select count(*)::text as n from ${into}`);
    if (Number(rows[0]?.n) !== part.rows)
      throw new OperatorError(`Table ${table.name} of ${name} came back with ${rows[0]?.n} rows and had ${part.rows}.`);
  }
  for (const { name: sequence, value, called } of dump.sequences) {
    await client.query('select setval($1::regclass, $2::bigint, $3)', [
      `${schema}.${pg.escapeIdentifier(sequence)}`,
      value,
      called,
    ]);
  }
}

import { pipeline } from 'node:stream/promises';
import { OperatorError } from '@conclave/platform';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import {
  connect,
  databaseNames,
  migrationsOf,
  schemaOf,
  tablesOf,
  type DatabaseName,
  type Databases,
} from './databases.js';
import { passTransactions, renumberFeeds } from './feeds.js';
import type { BackedObject, Manifest } from './manifest.js';
import { restoreObjects } from './objects.js';
import { openPart } from './parts.js';
import type { PartStore } from './store.js';
import { verifyBackup, type VerifyOptions } from './verify.js';

/** What to restore, and where to. */
export interface RestoreOptions extends VerifyOptions {
  readonly databases: Databases;
  readonly bucket: PartStore;
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
      await openPart(source, opener, part),
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

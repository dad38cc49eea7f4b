import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Sealer } from './age.js';
import {
  connect,
  databaseNames,
  migrationsOf,
  schemaOf,
  tablesOf,
  type DatabaseName,
  type Databases,
} from './databases.js';
import { partName, type IndexedObject, type Manifest } from './manifest.js';
import { putSealed } from './parts.js';
import type { PartStore } from './store.js';

interface IndexedRow {
  readonly key: string;
  readonly bytes: string;
  readonly sha256: string | null;
  readonly crc32: string | null;
}

/** One moment of all databases: nothing that is read through it changes any more. */
export class Snapshot {
  private constructor(private readonly clients: ReadonlyMap<DatabaseName, pg.Client>) {}

  /**
   * Opens all at the same moment, as near as different databases can. The two roles of a service share one snapshot:
   * an index and its keys fit together exactly.
   */
  static async open(databases: Databases): Promise<Snapshot> {
    const clients = new Map<DatabaseName, pg.Client>();
    try {
      await Promise.all(databaseNames.map(async (name) => clients.set(name, await connect(name, databases[name]))));
      const begin = 'begin isolation level repeatable read read only';
      await Promise.all(
        (['auth', 'rooms', 'files'] as const).map(async (owner) => {
          const main = clients.get(owner);
          await main?.query(begin);
          const { rows } = (await main?.query<{ id: string }>('select pg_export_snapshot() as id')) ?? { rows: [] };
          if (owner === 'auth') return;
          const keys = clients.get(`${owner}_keys`);
          await keys?.query(begin);
          await keys?.query(`set transaction snapshot ${pg.escapeLiteral(rows[0]?.id ?? '')}`);
        }),
      );
      return new Snapshot(clients);
    } catch (error) {
      await Promise.all([...clients.values()].map((client) => client.end().catch(() => {})));
      throw error;
    }
  }

  client(name: DatabaseName): pg.Client {
    const client = this.clients.get(name);
    if (!client) throw new Error(`no connection ${name}`);
    return client;
  }

  /** Every file that people can open, by its object: what the bucket must give. */
  async objects(): Promise<IndexedObject[]> {
    const { rows } = await this.client('files').query<IndexedRow>(
      `select object_key as key, object_length::text as bytes, encode(object_sha256, 'hex') as sha256, object_crc32::text as crc32
         from file where status = 'available' order by object_key`,
    );
    return rows.map(({ key, bytes, sha256, crc32 }) => ({
      ...{ key, bytes: Number(bytes) },
      ...(sha256 !== null && { sha256 }),
      ...(crc32 !== null && { crc32: Number(crc32) }),
    }));
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.end().catch(() => {})));
  }
}

/** Copies every table of one connection into sealed parts. */
export async function dumpDatabase(
  snapshot: Snapshot,
  name: DatabaseName,
  id: string,
  store: PartStore,
  sealer: Sealer,
): Promise<Manifest['databases'][DatabaseName]> {
  const client = snapshot.client(name);
  const schema = schemaOf(name);
  const { rows: facts } = await client.query<{ role: string; version: string }>(
    `select current_user as role, current_setting('server_version') as version`,
  );
  const tables: Manifest['databases'][DatabaseName]['tables'] = [];
  for (const table of await tablesOf(client, schema)) {
    const columns = table.columns.map((column) => pg.escapeIdentifier(column)).join(', ');
    const from = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table.name)}`;
    const { rows: count } = await client.query<{ n: string }>(`select count(*)::text as n from ${from}`);
    const copy = client.query(copyTo(`copy (select ${columns} from ${from}) to stdout`));
    const part = await putSealed(
      store,
      sealer,
      partName(id, `postgres/${name}/${table.name}.copy.gz.age`),
      flowing(copy),
    );
    tables.push({ table: table.name, columns: [...table.columns], rows: Number(count[0]?.n ?? 0), ...part });
  }
  return {
    role: facts[0]?.role ?? '',
    serverVersion: facts[0]?.version ?? '',
    migrations: await migrationsOf(client, schema),
    tables,
    sequences: await sequencesOf(
      client,
      schema,
      tables.map(({ table }) => table),
    ),
  };
}

/** The driver's stream ends with the query; a plain stream in front of it bears being sealed and zipped. */
function flowing(copy: Readable): Readable {
  const plain = new PassThrough();
  void pipeline(copy, plain).catch((error: Error) => plain.destroy(error));
  return plain;
}

async function sequencesOf(
  client: pg.Client,
  schema: string,
  tables: readonly string[],
): Promise<{ name: string; value: string; called: boolean }[]> {
  const { rows } = await client.query<{ name: string }>(
    `select s.relname as name from pg_class s join pg_namespace n on n.oid = s.relnamespace
       join pg_depend d on d.objid = s.oid and d.deptype in ('a', 'i') join pg_class t on t.oid = d.refobjid
      where s.relkind = 'S' and n.nspname = $1 and t.relname = any($2)`,
    [schema, tables],
  );
  const found = [];
  for (const { name } of rows) {
    const { rows: state } = await client.query<{ value: string; called: boolean }>(
      `select last_value::text as value, is_called as called from ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`,
    );
    if (state[0]) found.push({ name, ...state[0] });
  }
  return found;
}

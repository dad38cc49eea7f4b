import { OperatorError } from '@conclave/platform';
import pg from 'pg';

/** The connections that hold everything: each service's index, and the wrapped keys under roles of their own. */
export const databaseNames = ['auth', 'rooms', 'rooms_keys', 'files', 'files_keys'] as const;

/** Name of one of them. */
export type DatabaseName = (typeof databaseNames)[number];

/** How to reach one, without its password in the URL. */
export interface DatabaseAccess {
  readonly url: string;
  readonly password: string;
}

/** All of them. */
export type Databases = Readonly<Record<DatabaseName, DatabaseAccess>>;

/** Where the tables of a connection lie. */
export const schemaOf = (name: DatabaseName): string => (name.endsWith('_keys') ? 'keys' : 'public');

/** Tables that say how the schema came to be; migrating makes them, so they are compared and not copied. */
export const schemaTables: readonly string[] = ['mikro_orm_migrations', 'schema_floor'];

/** One table as it is now. */
export interface Table {
  readonly name: string;
  /** Columns that hold what was written; generated ones follow by themselves. */
  readonly columns: readonly string[];
  /** Tables that must be filled first. */
  readonly needs: readonly string[];
}

/** Connects with a role's own rights; nothing here needs a superuser. */
export async function connect(name: DatabaseName, { url, password }: DatabaseAccess): Promise<pg.Client> {
  // The driver lets what the URL says win, also the password that it does not say.
  const whole = new URL(url);
  whole.password = encodeURIComponent(password);
  const client = new pg.Client({
    connectionString: whole.href,
    application_name: 'conclave-backup',
    connectionTimeoutMillis: 10_000,
    // A large table may take its time.
    statement_timeout: 0,
    options: `-c search_path=${schemaOf(name)}`,
  });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (cause) {
    const code = String((cause as { code?: unknown }).code ?? 'no answer');
    throw new OperatorError(`Database ${name} at ${new URL(url).host} does not let us in (${code}).`, { cause });
  }
  return client;
}

/** The tables of a connection, those first that others need. */
export async function tablesOf(client: pg.Client, schema: string): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select c.relname as name,
        array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
              and a.attgenerated = '' order by a.attnum) as columns,
        array(select distinct r.relname::text from pg_constraint k join pg_class r on r.oid = k.confrelid
              where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind = 'r' order by c.relname`,
    [schema],
  );
  return inOrder(rows.filter(({ name }) => !schemaTables.includes(name)));
}

/** Names of the applied migrations. */
export async function migrationsOf(client: pg.Client, schema: string): Promise<string[]> {
  const { rows: there } = await client.query<{ t: string | null }>('select to_regclass($1)::text as t', [
    `${schema}.mikro_orm_migrations`,
  ]);
  if (!there[0]?.t) return [];
  const { rows } = await client.query<{ name: string }>(
    `select name from ${pg.escapeIdentifier(schema)}.mikro_orm_migrations order by name`,
  );
  return rows.map(({ name }) => name);
}

function inOrder(tables: readonly Table[]): Table[] {
  const left = new Map(tables.map((table) => [table.name, table]));
  const ordered: Table[] = [];
  while (left.size > 0) {
    const free = [...left.values()].find(({ needs }) => needs.every((name) => !left.has(name)));
    if (!free)
      throw new OperatorError(
        `Tables ${[...left.keys()].join(', ')} need each other; they cannot be filled one by one.`,
      );
    left.delete(free.name);
    ordered.push(free);
  }
  return ordered;
}

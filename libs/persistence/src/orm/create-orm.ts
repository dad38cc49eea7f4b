import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import { AfterCommit } from './after-commit.js';
import { observeQueries, type QueryObserver } from './observe-queries.js';
import type { Orm, PersistenceOptions } from './options.js';

/** The part of the driver's pool that we need. */
interface Pool {
  on(event: 'connect', listener: (client: { query: unknown }) => void): unknown;
}

/** A query that runs longer is a bug in a request; migrations lift this for themselves. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** A transaction left open holds back every event feed (its xid keeps `pg_snapshot_xmin` low). */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;

/** Makes the ORM of one connection; connects on first use. */
export function createOrm(options: PersistenceOptions, observe?: QueryObserver): Promise<Orm> {
  const { service, entities, database, migrations, pool, name, schema } = options;
  return MikroORM.init({
    ...(name && { contextName: name }),
    ...(schema && { schema }),
    entities,
    clientUrl: database.url,
    password: database.password,
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    // The driver's messages quote values. What matters of them reaches the log as an error's code.
    logger: () => undefined,
    debug: false,
    pool: { min: 0, max: Math.max(2, pool?.max ?? 10), idleTimeoutMillis: 30_000 },
    driverOptions: {
      application_name: name ? `conclave-${service}-${name}` : `conclave-${service}`,
      connectionTimeoutMillis: 5000,
      keepAlive: true,
      ...(observe && {
        onPoolCreated: (pool: Pool) => pool.on('connect', (client) => observeQueries(client, observe)),
      }),
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
      // So that plain SQL on this connection finds its tables without naming the schema.
      ...(schema && { options: `-c search_path=${schema}` }),
    },
    forceUtcTimezone: true,
    subscribers: [new AfterCommit()],
    migrations: { path: migrations.path, snapshot: false, silent: true, disableForeignKeys: false },
  });
}

import type { MikroORM, Options } from '@mikro-orm/postgresql';

/** One connection of a service to its database. */
export interface PersistenceOptions {
  /** `auth`, `rooms` or `files`: shows up in `pg_stat_activity` and names the migration lock. */
  readonly service: string;
  /** `defineEntity` schemas or their classes. */
  readonly entities: NonNullable<Options['entities']>;
  readonly database: {
    /** Without a password: `postgres://rooms@127.0.0.1:5432/rooms`. */
    readonly url: string;
    readonly password: string;
  };
  /** Folder of compiled or source migrations; `wait` leaves them to `migrate.js` and waits until they are applied. */
  readonly migrations: { readonly path: string; readonly mode?: 'run' | 'wait' };
  readonly pool?: { readonly max?: number };
  /** A second connection has a name (`keys`); the main one has none. */
  readonly name?: string;
  /** Where this connection's tables and its own list of migrations live; `public` if left out. */
  readonly schema?: string;
}

/** The ORM with the parts we use. */
export type Orm = MikroORM;

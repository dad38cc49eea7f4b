import type { RootKeyTable } from '@conclave/keys';
import { migrationsFolder, type PersistenceOptions } from '@conclave/persistence';
import type { Config } from './config.js';

/** What the connections to the database need of the configuration. */
export type DatabaseConfig = Pick<
  Config,
  'DATABASE_URL' | 'DATABASE_PASSWORD' | 'KEYS_DATABASE_URL' | 'KEYS_DATABASE_PASSWORD' | 'MIGRATIONS'
>;

/** The connection to the index, without entities: for migrating and for looking. */
export const mainConnection = (config: DatabaseConfig): PersistenceOptions => ({
  service: 'files',
  entities: [],
  database: { url: config.DATABASE_URL, password: config.DATABASE_PASSWORD },
  migrations: { path: migrationsFolder(import.meta.dirname, 'index'), mode: config.MIGRATIONS },
});

/** The second role: only it may read wrapped keys, and it may read nothing else. */
export const keysConnection = (config: DatabaseConfig): PersistenceOptions => ({
  service: 'files',
  name: 'keys',
  schema: 'keys',
  entities: [],
  database: { url: config.KEYS_DATABASE_URL, password: config.KEYS_DATABASE_PASSWORD },
  migrations: { path: migrationsFolder(import.meta.dirname, 'keys'), mode: config.MIGRATIONS },
});

/** Where the root keys lie that the KEKs wrap. */
export const rootKeys: RootKeyTable = { table: 'room_key' };

import { migrationsFolder, type PersistenceOptions } from '@conclave/persistence';
import type { Config } from './config.js';

/** What a connection to the database needs of the configuration. */
export type DatabaseConfig = Pick<Config, 'DATABASE_URL' | 'DATABASE_PASSWORD' | 'MIGRATIONS'>;

/** Auth's one connection, without entities: for migrating and for looking. */
export const mainConnection = (config: DatabaseConfig): PersistenceOptions => ({
  service: 'auth',
  entities: [],
  database: { url: config.DATABASE_URL, password: config.DATABASE_PASSWORD },
  migrations: { path: migrationsFolder(import.meta.dirname), mode: config.MIGRATIONS },
});

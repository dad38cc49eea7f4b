import { readdir } from 'node:fs/promises';
import { OperatorError } from '@conclave/platform';
import type { Orm } from '../orm/options.js';

/** What a run did. */
export interface MigrationOutcome {
  /** Names of the migrations this process applied; empty when another was faster or nothing was to do. */
  readonly applied: readonly string[];
}

/**
 * Brings the schema up to this release, forward only. Processes that start together queue on an advisory lock, so each
 * migration runs once. All pending ones run in one transaction: after a failure the schema is what it was.
 *
 * @throws OperatorError when the database has migrations that this release does not know
 */
export async function runMigrations(orm: Orm, lockName: string): Promise<MigrationOutcome> {
  const pool = await orm.em.getConnection().getNativeClient();
  const lock = await pool.connect();
  try {
    // Waiting for another process's migrations may take longer than any request may.
    await lock.query('set statement_timeout = 0');
    await lock.query('select pg_advisory_lock(hashtextextended($1, 0))', [`conclave.migrations.${lockName}`]);
    const pending = await pendingMigrations(orm);
    if (pending.length === 0) return { applied: [] };
    const applied = await orm.em.fork().transactional(async (em) => {
      await em.execute('set local statement_timeout = 0');
      const transaction = em.getTransactionContext();
      if (!transaction) throw new Error('migrations need a transaction');
      return orm.migrator.up({ transaction });
    });
    return { applied: applied.map(({ name }) => name) };
  } finally {
    // Closing the connection lets the lock go, whatever happened before.
    lock.release(true);
  }
}

/** Whether this release's migrations are all applied; a newer database is fine for a process that runs already. */
export async function isSchemaCurrent(orm: Orm): Promise<boolean> {
  return (await orm.migrator.getPending()).length === 0;
}

async function pendingMigrations(orm: Orm): Promise<string[]> {
  const executed = (await orm.migrator.getExecuted()).map(({ name }) => name);
  const pending = (await orm.migrator.getPending()).map(({ name }) => name);
  const known = new Set(await knownMigrations(orm.config.get('migrations').path ?? ''));
  const unknown = executed.filter((name) => !known.has(name));
  if (unknown.length === 0) return pending;
  throw new OperatorError(
    `The database has migrations that this release does not know (${unknown.join(', ')}): ` +
      'it was migrated by a newer release. Start that release, or restore the backup from before the upgrade.',
  );
}

/** Names without extension, as the table of applied migrations has them. */
async function knownMigrations(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files.filter((file) => MIGRATION_FILE.test(file)).map((file) => file.replace(MIGRATION_FILE, ''));
}

const MIGRATION_FILE = /(?<!\.d)\.[jt]s$/;

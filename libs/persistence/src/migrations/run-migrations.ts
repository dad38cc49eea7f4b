import type { Orm } from '../orm/options.js';
import { readSchemaState, requireFloor } from './schema-state.js';

/** What a run did. */
export interface MigrationOutcome {
  /** Names of the migrations this process applied; empty when another was faster or nothing was to do. */
  readonly applied: readonly string[];
}

/**
 * Brings the schema up to this release, forward only. Processes that start together queue on an advisory lock, so each
 * migration runs once. All pending ones run in one transaction: after a failure the schema is what it was. A database
 * of a newer release is left as it is.
 *
 * @throws OperatorError when a newer release has demanded that code as old as this does not run on the schema
 */
export async function runMigrations(orm: Orm, lockName: string): Promise<MigrationOutcome> {
  const pool = await orm.em.getConnection().getNativeClient();
  const lock = await pool.connect();
  try {
    // Waiting for another process's migrations may take longer than any request may.
    await lock.query('set statement_timeout = 0');
    await lock.query('select pg_advisory_lock(hashtextextended($1, 0))', [`conclave.migrations.${lockName}`]);
    const state = await readSchemaState(orm);
    requireFloor(state);
    if (state.pending.length === 0) return { applied: [] };
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

/**
 * Whether this release may work on the schema: its own migrations are all applied, and no newer release has demanded
 * that it stops.
 */
export async function isSchemaCurrent(orm: Orm): Promise<boolean> {
  const { pending, refusedBy } = await readSchemaState(orm);
  return pending.length === 0 && refusedBy === undefined;
}

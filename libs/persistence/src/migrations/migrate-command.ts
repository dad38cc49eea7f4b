import { createLogger, OperatorError, type Logger } from '@conclave/platform';
import { createOrm } from '../orm/create-orm.js';
import type { Orm, PersistenceOptions } from '../orm/options.js';
import { waitForDatabase } from '../orm/wait-for-database.js';
import { migrationLock } from './migration-lock.js';
import { runMigrations } from './run-migrations.js';
import { waitForSchema } from './wait-for-schema.js';

/**
 * `node dist/migrate.js` of a service: brings its schemas up to this release; with `--wait` it waits until somebody
 * else has. Ends the process: 0, or 1 with one sentence on stderr.
 */
export async function migrateCommand(
  connections: readonly PersistenceOptions[],
  args: readonly string[] = process.argv.slice(2),
): Promise<never> {
  const unknown = args.find((arg) => arg !== '--wait');
  if (unknown !== undefined) {
    process.stderr.write('usage: node dist/migrate.js [--wait]\n');
    return process.exit(64);
  }
  const service = connections[0]?.service ?? 'migrate';
  const logger = createLogger(service);
  try {
    for (const connection of connections) await bringUp(connection, args.includes('--wait'), logger);
    return process.exit(0);
  } catch (error) {
    logger.error('migration failed', { error });
    if (error instanceof OperatorError) process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  }
}

async function bringUp(options: PersistenceOptions, wait: boolean, logger: Logger): Promise<void> {
  const role = options.name ?? 'main';
  const orm: Orm = await createOrm(options);
  try {
    await waitForDatabase(orm, logger, role);
    if (wait) {
      await waitForSchema(orm, {
        waiting: (pending) => logger.info('waiting for migrations', { role, count: pending.length }),
      });
    } else {
      const { applied } = await runMigrations(orm, migrationLock(options));
      for (const migration of applied) logger.info('migration applied', { migration, role });
    }
    logger.info('schema is current', { role });
  } finally {
    await orm.close(true);
  }
}

import { type Logger, OperatorError } from '@conclave/platform';
import type { Orm } from './options.js';

/** A database that starts together with us gets half a minute; a wrong password ends the wait at once. */
export async function waitForDatabase(orm: Orm, logger: Logger, role: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await orm.em.getConnection().execute('select 1');
      return;
    } catch (error) {
      const refused = /^(28|3D|42)/.test(String((error as { code?: unknown }).code ?? ''));
      if (refused || attempt >= 30) throw new OperatorError('The database does not let us in', { cause: error });
      if (attempt === 1) logger.warn('waiting for the database', { role, error });
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

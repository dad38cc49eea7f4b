import type { Orm, PersistenceOptions } from './options.js';
import { withOrm } from './with-orm.js';

/** Runs SQL with `?` for parameters; answers the rows. */
export type RawSql = (sql: string, parameters?: readonly unknown[]) => Promise<unknown>;

/** SQL on a connection, for libraries that bring their own statements and know no ORM. */
export const rawSql =
  (orm: Orm): RawSql =>
  (sql, parameters = []) =>
    orm.em.getConnection().execute(sql, [...parameters]);

/** Opens a connection whenever SQL is wanted, and closes it after the work. */
export const withRawSql =
  (options: PersistenceOptions) =>
  <T>(work: (sql: RawSql) => Promise<T>): Promise<T> =>
    withOrm(options, (orm) => work(rawSql(orm)));

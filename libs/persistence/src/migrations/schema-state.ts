import { readdir } from 'node:fs/promises';
import { OperatorError } from '@conclave/platform';
import type { Orm } from '../orm/options.js';
import { FLOOR_TABLE, unmetFloor, type SchemaFloor } from './schema-floor.js';

/** A schema beside the migrations of this release. */
export interface SchemaState {
  /** Migrations of this release that are not applied yet. */
  readonly pending: readonly string[];
  /** Applied ones that this release does not know: the database is newer than the code. */
  readonly newer: readonly string[];
  /** The demand of a newer release that this one does not meet; it must not run then. */
  readonly refusedBy: SchemaFloor | undefined;
}

/** Looks and writes nothing, so a role that may only read can ask. */
export async function readSchemaState(orm: Orm): Promise<SchemaState> {
  const known = await knownMigrations(orm.config.get('migrations').path ?? '');
  const [tables] = await orm.em
    .getConnection()
    .execute<{ list: string | null; floor: string | null }[]>(
      `select to_regclass('mikro_orm_migrations')::text as list, to_regclass('${FLOOR_TABLE}')::text as floor`,
    );
  const applied = tables?.list ? await names(orm) : [];
  const floors = tables?.floor ? await readFloors(orm) : [];
  return {
    pending: known.filter((name) => !applied.includes(name)),
    newer: applied.filter((name) => !known.includes(name)),
    refusedBy: unmetFloor(floors, known),
  };
}

/**
 * Stops a release that is too old for its database.
 *
 * @throws OperatorError with what to do
 */
export function requireFloor({ refusedBy, newer }: SchemaState): void {
  if (!refusedBy) return;
  throw new OperatorError(
    `This release is too old for its database, which a newer release has migrated (${newer.join(', ')}): ` +
      `${refusedBy.reason} Start a release that knows ${refusedBy.knows}, or restore the backup from before the upgrade.`,
  );
}

const names = async (orm: Orm): Promise<string[]> => {
  const rows = await orm.em.getConnection().execute<{ name: string }[]>('select name from mikro_orm_migrations');
  return rows.map(({ name }) => name.replace(MIGRATION_FILE, ''));
};

const readFloors = (orm: Orm): Promise<SchemaFloor[]> =>
  orm.em.getConnection().execute<SchemaFloor[]>(`select knows, reason from ${FLOOR_TABLE} order by knows desc`);

/** Names without extension, as the table of applied migrations has them, in the order in which they are applied. */
async function knownMigrations(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => MIGRATION_FILE.test(file))
    .map((file) => file.replace(MIGRATION_FILE, ''))
    .sort();
}

const MIGRATION_FILE = /(?<!\.d)\.[jt]s$/;

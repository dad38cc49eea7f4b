/** Where the demands of contract steps lie, beside the list of applied migrations. */
export const FLOOR_TABLE = 'schema_floor';

/** What an applied migration demands of every release that runs on this schema. */
export interface SchemaFloor {
  /** Start of a migration's name (`Migration20261123000000`) that the release must bring along. */
  readonly knows: string;
  /** Why, for the operator whose release is too old. */
  readonly reason: string;
}

const STAMP = /^Migration\d{14}/;

/** The part of a migration's name that never changes. */
const stampOf = (name: string): string => STAMP.exec(name)?.[0] ?? name;

/**
 * SQL for a contract step: releases that do not know the migration `knows` stop at this schema from now on; all others
 * run on. Name the expanding step that the step before this one shipped with, so that the previous release still runs;
 * name the contract step itself only where nothing older can. With `when` (SQL) the demand is made only where it holds.
 */
export const schemaFloorSql = (knows: string, reason: string, when = 'true'): string[] => {
  if (!STAMP.test(knows)) throw new Error(`"${knows}" is not the name of a migration`);
  const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  return [
    `create table if not exists ${FLOOR_TABLE} (
      knows text primary key,
      reason text not null,
      created_at timestamptz not null default now()
    )`,
    `insert into ${FLOOR_TABLE} (knows, reason) select ${text(stampOf(knows))}, ${text(reason)} where ${when}
      on conflict (knows) do update set reason = excluded.reason`,
  ];
};

/** The first demand that a release with these migrations does not meet. */
export function unmetFloor(
  floors: readonly SchemaFloor[],
  knownMigrations: readonly string[],
): SchemaFloor | undefined {
  const known = new Set(knownMigrations.map(stampOf));
  return floors.find(({ knows }) => !known.has(knows));
}

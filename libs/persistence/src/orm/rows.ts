import type { EntityManager } from '@mikro-orm/postgresql';

/** How Postgres writes a timestamptz: `2026-11-26 17:05:09.123456+00`; old zones have offsets to the second. */
const written = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/;

/**
 * Rows of a statement with `?` for values, for what is no entity. Name the columns as the properties of `Row`; times end in
 * `At` (`joined_at as "joinedAt"`) and come as `Date`, to the millisecond. Everything else comes as the driver gives it:
 * bigint as text, bytea as Buffer.
 */
export async function rows<Row extends object>(
  em: EntityManager,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const found = await em.execute<Record<string, unknown>[]>(sql, [...values]);
  return found.map((row) => timesRead(row)) as Row[];
}

/** The row with its times as dates. */
export function timesRead<Row extends Record<string, unknown>>(row: Row): Row {
  const entries = Object.entries(row).map(([name, value]) =>
    name.endsWith('At') && typeof value === 'string' ? [name, dateOf(value)] : [name, value],
  );
  return Object.fromEntries(entries) as Row;
}

/** @throws TypeError for a text that is no time: its column should not end in `At` */
function dateOf(text: string): Date {
  const [, day, time, sign, hours, minutes = 0, seconds = 0] = written.exec(text) ?? [];
  if (!day) throw new TypeError('a column that ends in At is no time');
  const offsetMs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return new Date(Date.parse(`${day}T${time}Z`) + (sign === '-' ? offsetMs : -offsetMs));
}

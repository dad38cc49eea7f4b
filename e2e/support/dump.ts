import { query } from './database.js';

/** Every row of every table of the three databases, as an operator with the superuser's password would dump them. */
export async function dumpDatabases(): Promise<string> {
  const parts: string[] = [];
  for (const database of ['auth', 'rooms', 'files'] as const) {
    const tables = await query<{ name: string }>(
      database,
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables) {
      const rows = await query<{ row: string; json: string }>(
        database,
        `select t::text as row, row_to_json(t)::text as json from ${name} t`,
      );
      for (const { row, json } of rows)
        parts.push(row, json, Buffer.from(row.replaceAll(/[^0-9a-f]/g, ''), 'hex').toString('latin1'));
    }
  }
  return parts.join('\n');
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

/** Every row of every table of the three databases, as an operator with the superuser's password would dump them. */
export async function dumpDatabases(): Promise<string> {
  const { ports } = JSON.parse(process.env['CONCLAVE_FACTS'] ?? '{}') as { ports: { postgres: number } };
  const password = await readFile(join(process.env['CONCLAVE_FOLDER'] ?? '', 'secrets', 'postgres', 'admin'), 'utf8');
  const parts: string[] = [];
  for (const database of ['auth', 'rooms', 'files']) {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: ports.postgres,
      user: 'conclave_admin',
      password: password.trim(),
      database,
    });
    await client.connect();
    try {
      const { rows: tables } = await client.query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
      );
      for (const { name } of tables) {
        const { rows } = await client.query(`select t::text as row, row_to_json(t)::text as json from ${name} t`);
        for (const { row, json } of rows)
          parts.push(row, json, Buffer.from(row.replaceAll(/[^0-9a-f]/g, ''), 'hex').toString('latin1'));
      }
    } finally {
      await client.end();
    }
  }
  return parts.join('\n');
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

/** The databases of the product. */
export type DatabaseName = 'auth' | 'rooms' | 'files';

/** Asks one of the databases as its operator; the product itself has no role that sees all of this. */
export async function query<Row extends object>(
  database: DatabaseName,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const { ports } = JSON.parse(process.env['CONCLAVE_FACTS'] ?? '{}') as { ports: { postgres: number } };
  const password = await readFile(join(process.env['CONCLAVE_FOLDER'] ?? '', 'secrets', 'postgres', 'admin'), 'utf8');
  const client = new pg.Client({
    host: '127.0.0.1',
    port: ports.postgres,
    user: 'conclave_admin',
    password: password.trim(),
    database,
  });
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

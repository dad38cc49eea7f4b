import pg from 'pg';
import { adminClient, type Cluster } from './start.js';
import { scramVerifier } from './scram.js';

/** The services that own a database. */
export type DatabaseOwner = 'auth' | 'rooms' | 'files';

/** Every role that a service logs in with. The `_keys` ones own schema `keys`, where the wrapped keys lie. */
export type DatabaseRole = DatabaseOwner | 'rooms_keys' | 'files_keys';

/** All roles, in the order in which they are made. */
export const databaseRoles: readonly DatabaseRole[] = ['auth', 'rooms', 'files', 'rooms_keys', 'files_keys'];

/** The role for schema `keys` of a service, where it has one. */
export const keysRole = (owner: DatabaseOwner): 'rooms_keys' | 'files_keys' | null =>
  owner === 'auth' ? null : `${owner}_keys`;

const id = pg.escapeIdentifier;
const text = pg.escapeLiteral;

/** Makes the roles, or gives those that are there the password they should have. None may do anything beyond its database. */
export async function provisionRoles(
  running: Cluster,
  passwords: Readonly<Record<DatabaseRole, string>>,
): Promise<void> {
  const client = adminClient(running);
  await client.connect();
  try {
    const there = await client.query<{ rolname: string }>('select rolname from pg_roles');
    const names = new Set(there.rows.map((row) => row.rolname));
    for (const role of databaseRoles) {
      const rights = 'login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit';
      const verb = names.has(role) ? 'alter' : 'create';
      await client.query(`${verb} role ${id(role)} ${rights} password ${text(scramVerifier(passwords[role]))}`);
    }
    // Everyone may connect to these two by default.
    await client.query('revoke connect, temporary on database postgres, template1 from public');
  } finally {
    await client.end();
  }
}

/**
 * Makes one service's database, or puts the rights of an existing one in order: only its own roles may connect, and
 * schema `keys` belongs to a role of its own in which the service's other role has no right.
 */
export async function provisionDatabase(running: Cluster, owner: DatabaseOwner, name: string = owner): Promise<void> {
  const keys = keysRole(owner);
  const admin = adminClient(running);
  await admin.connect();
  try {
    const there = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (there.rowCount === 0) await admin.query(`create database ${id(name)} owner ${id(owner)} template template0`);
    await admin.query(`revoke all on database ${id(name)} from public`);
    if (keys) await admin.query(`grant connect on database ${id(name)} to ${id(keys)}`);
    if (keys) await admin.query(`alter role ${id(keys)} in database ${id(name)} set search_path = keys`);
  } finally {
    await admin.end();
  }
  const inside = adminClient(running, name);
  await inside.connect();
  try {
    await inside.query(`alter schema public owner to ${id(owner)}`);
    await inside.query('revoke all on schema public from public');
    if (keys) await inside.query(`create schema if not exists keys authorization ${id(keys)}`);
    if (keys) await inside.query('revoke all on schema keys from public');
  } finally {
    await inside.end();
  }
}

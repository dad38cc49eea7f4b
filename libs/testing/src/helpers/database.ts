import { setTimeout as pause } from 'node:timers/promises';
import { adminClient, keysRole, provisionDatabase, type DatabaseOwner } from '@conclave/servers';
import pg from 'pg';
import { ask } from '../harness/ask.js';
import { onFileEnd } from '../harness/cleanup.js';
import { randomName } from '../harness/random.js';

/** A database of one's own, with the roles and rights of the product. */
export interface TestDatabase {
  readonly name: string;
  /** As in DATABASE_URL: no password in it. */
  readonly url: string;
  readonly password: string;
  /** As in KEYS_DATABASE_URL; null for a service without schema `keys`. */
  readonly keysUrl: string | null;
  readonly keysPassword: string | null;
  /** A client that is connected as the service's role, as its keys role, or as the superuser; closed after the file. */
  connect(as?: 'owner' | 'keys' | 'superuser'): Promise<pg.Client>;
  /** Ends every connection and lets none in for so long. */
  interrupt(ms: number): Promise<void>;
  /** Removes it before the file is over. */
  drop(): Promise<void>;
}

/** Makes an empty database for one spec: roles, rights and schema `keys` are the product's own. Removed after the file. */
export async function testDatabase(owner: DatabaseOwner): Promise<TestDatabase> {
  const facts = await ask('postgres');
  const name = `${owner}_${randomName()}`;
  await provisionDatabase(facts, owner, name);
  const keys = keysRole(owner);
  const urlOf = (role: string): string => `postgres://${role}@${facts.host}:${facts.port}/${name}`;
  let dropped = false;

  /** From another database: Postgres does not lock a door from the inside. */
  const outside = async (work: (admin: pg.Client) => Promise<unknown>): Promise<void> => {
    const admin = adminClient(facts);
    await admin.connect();
    try {
      await work(admin);
    } finally {
      await admin.end();
    }
  };
  const quoted = pg.escapeIdentifier(name);
  const drop = async (): Promise<void> => {
    if (dropped) return;
    dropped = true;
    await outside((admin) => admin.query(`drop database if exists ${quoted} with (force)`));
  };
  const interrupt = (ms: number): Promise<void> =>
    outside(async (admin) => {
      await admin.query(`alter database ${quoted} allow_connections false`);
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
      await pause(ms);
      await admin.query(`alter database ${quoted} allow_connections true`);
    });
  onFileEnd(drop);

  const connect = async (as: 'owner' | 'keys' | 'superuser' = 'owner'): Promise<pg.Client> => {
    if (as === 'keys' && !keys) throw new Error(`${owner} has no schema keys`);
    const role = as === 'keys' && keys ? keys : owner;
    const client =
      as === 'superuser'
        ? adminClient(facts, name)
        : new pg.Client({
            host: facts.host,
            port: facts.port,
            user: role,
            password: facts.passwords[role],
            database: name,
          });
    client.on('error', () => {});
    await client.connect();
    onFileEnd(() => client.end());
    return client;
  };

  return {
    name,
    url: urlOf(owner),
    password: facts.passwords[owner],
    keysUrl: keys ? urlOf(keys) : null,
    keysPassword: keys ? facts.passwords[keys] : null,
    connect,
    interrupt,
    drop,
  };
}

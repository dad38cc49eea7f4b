import { databaseCheck, databaseClock, type PersistenceOptions } from '@conclave/persistence';
import { clockCheck, runChecks, type PreflightResult } from '@conclave/platform';
import { freePort, testDatabase, type TestDatabase } from '@conclave/testing';
import { folder } from './fixtures/database.js';

const options = (database: TestDatabase, change: Partial<PersistenceOptions['database']> = {}): PersistenceOptions => ({
  service: 'rooms',
  entities: [],
  database: { url: database.url, password: database.password, ...change },
  migrations: { path: folder('migrations'), mode: 'run' },
});

const words = async (connection: PersistenceOptions): Promise<PreflightResult> => {
  const results: PreflightResult[] = [];
  await runChecks([databaseCheck(connection)], (result) => results.push(result));
  return results[0] ?? { name: '', ok: false, words: '' };
};

let database: TestDatabase;
beforeAll(async () => (database = await testDatabase('rooms')));

it('is well with a role of its own, and tells what is to come', async () => {
  const { ok, words: said } = await words(options(database));
  expect(said).toMatch(/^PostgreSQL \d+\S* as role rooms, 2 migrations to come$/);
  expect(ok).toBe(true);
  const clock: PreflightResult[] = [];
  await runChecks([clockCheck([databaseClock(options(database))])], (result) => clock.push(result));
  expect(clock[0]?.words).toBe('agrees with the database');
});

it('the keys role is well where it owns schema keys', async () => {
  const keys = { url: database.keysUrl ?? '', password: database.keysPassword ?? '' };
  expect((await words({ ...options(database, keys), name: 'keys', schema: 'keys' })).ok).toBe(true);
});

describe('says what to do about', () => {
  it('a wrong password', async () => {
    const { ok, words: said } = await words(options(database, { password: 'not this one' }));
    expect(ok).toBe(false);
    expect(said).toContain('refuses role rooms: its password is another one');
    expect(said).not.toContain('not this one');
  });

  it('a database that is not there', async () => {
    const url = database.url.replace(/[^/]+$/, 'nowhere');
    expect((await words(options(database, { url }))).words).toMatch(/has no database nowhere|does not let role rooms/);
  });

  it('a server that is not there', async () => {
    const url = `postgres://rooms@127.0.0.1:${await freePort()}/rooms`;
    expect((await words(options(database, { url }))).words).toContain('cannot be reached (ECONNREFUSED)');
  });

  it('a role that may look into the keys', async () => {
    const admin = await database.connect('superuser');
    await admin.query('grant usage on schema keys to rooms');
    expect((await words(options(database))).words).toContain('role rooms may look into schema keys');
    await admin.query('revoke usage on schema keys from rooms');
  });

  it('the role of the index where the keys role belongs', async () => {
    expect((await words({ ...options(database), name: 'keys', schema: 'keys' })).words).toContain(
      'finds no schema keys that it may use',
    );
  });

  it('a role that cannot migrate, unless somebody else does', async () => {
    const admin = await database.connect('superuser');
    await admin.query('alter schema public owner to current_user; grant usage on schema public to rooms');
    expect((await words(options(database))).words).toContain('may not create tables, so it cannot migrate');
    const waiting = { ...options(database), migrations: { path: folder('migrations'), mode: 'wait' as const } };
    expect((await words(waiting)).ok).toBe(true);
    await admin.query('alter schema public owner to rooms');
  });
});

import { createOrm, isSchemaCurrent, readSchemaState, runMigrations, waitForSchema } from '@conclave/persistence';
import { OperatorError } from '@conclave/platform';
import { onFileEnd, testDatabase } from '@conclave/testing';
import { folder, ormOn } from './fixtures/database.js';

const NAMES = ['Migration20261123000001_first', 'Migration20261123000002_effects'];

describe('runMigrations', () => {
  it('applies what is pending, once, and then there is nothing to do', async () => {
    const orm = await ormOn(await testDatabase('rooms'));
    expect(await isSchemaCurrent(orm)).toBe(false);
    expect(await runMigrations(orm, 'rooms')).toEqual({ applied: NAMES });
    expect(await runMigrations(orm, 'rooms')).toEqual({ applied: [] });
    expect(await isSchemaCurrent(orm)).toBe(true);
  });

  it('processes that start together apply each migration once', async () => {
    const database = await testDatabase('rooms');
    const orms = await Promise.all([1, 2, 3, 4].map(() => ormOn(database)));
    const outcomes = await Promise.all(orms.map((orm) => runMigrations(orm, 'rooms')));
    expect(outcomes.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 0, 2]);
    const client = await database.connect();
    const { rows } = await client.query<{ name: string }>('select name from mikro_orm_migrations order by id');
    expect(rows.map(({ name }) => name)).toEqual(NAMES);
  });

  it('lets the lock go, so that the next process is not held up', async () => {
    const database = await testDatabase('rooms');
    await runMigrations(await ormOn(database), 'rooms');
    const client = await database.connect();
    const { rows } = await client.query(`select 1 from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`);
    expect(rows).toEqual([]);
  });

  it('runs on the schema of a newer release, which it leaves as it is', async () => {
    const database = await testDatabase('rooms');
    await runMigrations(await ormOn(database, 'newer-migrations'), 'rooms');
    const older = await ormOn(database);
    expect(await runMigrations(older, 'rooms')).toEqual({ applied: [] });
    expect(await isSchemaCurrent(older)).toBe(true);
    expect((await readSchemaState(older)).newer).toEqual(['Migration20991231000000_newer']);
  });

  it('stops at a contract step that it is too old for, in words, and nothing is changed', async () => {
    const database = await testDatabase('rooms');
    const older = await ormOn(database);
    await runMigrations(older, 'rooms');
    expect(await isSchemaCurrent(older)).toBe(true);
    await runMigrations(await ormOn(database, 'contract-migrations'), 'rooms');
    const refusal = await runMigrations(older, 'rooms').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(OperatorError);
    expect(String(refusal)).toContain('note.text is gone. Start a release that knows Migration20990601000000');
    await expect(waitForSchema(older)).rejects.toThrow('too old for its database');
    // Also one that runs already takes itself out.
    expect(await isSchemaCurrent(older)).toBe(false);
  });

  it('the release before a contract step runs on, for it knows the step that made room', async () => {
    const database = await testDatabase('rooms');
    await runMigrations(await ormOn(database, 'contract-migrations'), 'rooms');
    const before = await ormOn(database, 'expand-migrations');
    expect(await runMigrations(before, 'rooms')).toEqual({ applied: [] });
    expect(await isSchemaCurrent(before)).toBe(true);
  });

  it('waits for somebody else, and writes nothing itself', async () => {
    const database = await testDatabase('rooms');
    const waiting = await ormOn(database);
    const done = waitForSchema(waiting, { everyMs: 20 });
    const client = await database.connect();
    const { rows } = await client.query(`select to_regclass('mikro_orm_migrations') as list`);
    expect(rows).toEqual([{ list: null }]);
    await runMigrations(await ormOn(database), 'rooms');
    await expect(done).resolves.toBeUndefined();
  });

  it('a wait that is over says what to run', async () => {
    const orm = await ormOn(await testDatabase('rooms'));
    await expect(waitForSchema(orm, { timeoutMs: 30, everyMs: 10 })).rejects.toThrow('node dist/migrate.js');
  });

  it('a migration that fails leaves the schema as it was, and the lock free', async () => {
    const database = await testDatabase('rooms');
    const broken = await ormOn(database, 'broken-migrations');
    await expect(runMigrations(broken, 'rooms')).rejects.toThrow('already exists');
    const client = await database.connect();
    const { rows } = await client.query(`select to_regclass('half') as half, to_regclass('note') as note`);
    expect(rows).toEqual([{ half: null, note: null }]);
    await expect(runMigrations(await ormOn(database), 'rooms')).resolves.toEqual({ applied: NAMES });
  });

  it('the keys role migrates its own schema with its own list, and the app role cannot look in', async () => {
    const database = await testDatabase('rooms');
    const orm = await createOrm({
      service: 'rooms',
      name: 'keys',
      schema: 'keys',
      entities: [],
      database: { url: database.keysUrl ?? '', password: database.keysPassword ?? '' },
      migrations: { path: folder('keys-migrations') },
    });
    onFileEnd(() => orm.close(true));
    expect(await runMigrations(orm, 'rooms.keys')).toEqual({ applied: ['Migration20261123000001_keys'] });
    await runMigrations(await ormOn(database), 'rooms');
    expect(await runMigrations(orm, 'rooms.keys')).toEqual({ applied: [] });
    const keys = await database.connect('keys');
    const { rows } = await keys.query(`select tablename from pg_tables where schemaname = 'keys' order by 1`);
    expect(rows).toEqual([{ tablename: 'mikro_orm_migrations' }, { tablename: 'room_key' }]);
    const app = await database.connect();
    await expect(app.query('select * from keys.room_key')).rejects.toMatchObject({ code: '42501' });
  });
});

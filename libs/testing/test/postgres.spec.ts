import { testDatabase, type TestDatabase } from '@conclave/testing';
import pg from 'pg';

describe('a test database', () => {
  let rooms: TestDatabase;
  let files: TestDatabase;
  beforeAll(async () => {
    [rooms, files] = [await testDatabase('rooms'), await testDatabase('files')];
  }, 60_000);

  it('lets the service make its tables', async () => {
    const client = await rooms.connect();
    await client.query('create table room (id int primary key)');
    await client.query('insert into room values (1)');
    expect((await client.query('select id from room')).rows).toEqual([{ id: 1 }]);
  });

  it('gives schema keys to its own role, where the service has no right', async () => {
    const keys = await rooms.connect('keys');
    await keys.query('create table room_key (id int primary key)');
    expect(
      (await keys.query("select table_schema from information_schema.tables where table_name = 'room_key'")).rows,
    ).toEqual([{ table_schema: 'keys' }]);
    const service = await rooms.connect();
    await expect(service.query('select * from keys.room_key')).rejects.toThrow('permission denied for schema keys');
    await expect(service.query('create table keys.mine (id int)')).rejects.toThrow('permission denied for schema keys');
    await expect(service.query('drop schema keys cascade')).rejects.toThrow('must be owner of schema keys');
  });

  it('gives the keys role no right on the tables of the service', async () => {
    const keys = await rooms.connect('keys');
    await expect(keys.query('select * from public.room')).rejects.toThrow('permission denied for schema public');
  });

  it('refuses the roles of other services', async () => {
    const { hostname: host, port, username: user } = new URL(files.url);
    const client = new pg.Client({ host, port: Number(port), user, password: files.password, database: rooms.name });
    await expect(client.connect()).rejects.toThrow('permission denied for database');
  });

  it('refuses a wrong password', async () => {
    const { hostname: host, port, username: user } = new URL(rooms.url);
    const client = new pg.Client({ host, port: Number(port), user, password: 'wrong', database: rooms.name });
    await expect(client.connect()).rejects.toThrow('password authentication failed');
  });

  it('has data checksums', async () => {
    const client = await rooms.connect('superuser');
    expect((await client.query('show data_checksums')).rows).toEqual([{ data_checksums: 'on' }]);
  });
});

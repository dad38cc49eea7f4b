import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { testNats } from '@conclave/testing';
import { filesProcess } from './support/files-process.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { remainsOf, until } from './support/remains.js';

const nothing = { objects: [], rows: [], keys: [], usage: 0 };

describe('a deleted room', () => {
  let world: FilesWorld;
  beforeAll(async () => {
    world = await filesWorld({ times: { every: 400 } });
  }, 120_000);

  const roomWithFiles = async (count: number) => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const ids = await Promise.all(
      Array.from({ length: count }, () => world.share(person, room.slug, randomBytes(5_000))),
    );
    const objects = (await remainsOf(world, room.id)).objects;
    return { room, person, ids, objects };
  };
  const shreddings = async (roomId: string): Promise<unknown[]> => {
    const db = await world.database.connect();
    return (
      await db.query(`select detail from audit where action = 'room.shredded' and subject = $1`, [`room:${roomId}`])
    ).rows;
  };
  const objectsLeft = async (keys: string[]): Promise<string[]> => {
    const left: string[] = [];
    for await (const item of world.bucket.root.listObjectsV2(world.bucket.bucket, '', true)) {
      const { name } = item as { name: string };
      if (keys.includes(name)) left.push(name);
    }
    return left;
  };

  it('takes its files along: keys first, then rows and objects, on record once', async () => {
    const { room, objects } = await roomWithFiles(5);
    expect(objects).toHaveLength(5);
    world.rooms.deleteRoom(room.id);
    await until(
      () => remainsOf(world, room.id),
      ({ rows }) => rows.length === 0,
    );
    expect(await remainsOf(world, room.id)).toMatchObject(nothing);
    expect(await objectsLeft(objects)).toEqual([]);
    expect(await shreddings(room.id)).toEqual([{ detail: { files: 5 } }]);
  });

  it('gets no key again, whoever is still uploading', async () => {
    const { room, person } = await roomWithFiles(1);
    const late = await world.as(person).startUpload({ slug: room.slug, name: 'late', type: '', size: 10n });
    world.rooms.deleteRoom(room.id);
    await until(
      () => shreddings(room.id),
      (seen) => seen.length === 1,
    );
    expect((await world.data.put(late.fileId, late.hopToken, randomBytes(10))).status).not.toBe(201);
    await expect(
      world.as(person).startUpload({ slug: room.slug, name: 'later', type: '', size: 10n }),
    ).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    await until(
      () => remainsOf(world, room.id),
      ({ rows, keys }) => keys.length === 0 && rows.every(({ status }) => status === 'failed'),
    );
  });

  /** Each holds a lock that the handler needs at that step, so that it stands still exactly there when it is killed. */
  it.each<
    [string, (db: pg.Client, roomId: string) => Promise<unknown>, (db: pg.Client, roomId: string) => Promise<boolean>]
  >([
    [
      'before the keys are gone',
      (db, roomId) => db.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [roomId]),
      async (db, roomId) => (await db.query('select 1 from keys.room_key where room_id = $1', [roomId])).rowCount === 1,
    ],
    [
      'after the keys, before the rows',
      (db, roomId) => db.query('select 1 from file where room_id = $1 for update', [roomId]),
      async (db, roomId) => (await db.query('select 1 from keys.room_key where room_id = $1', [roomId])).rowCount === 0,
    ],
    [
      'after the rows, before the record and the cursor',
      (db) => db.query(`select pg_advisory_xact_lock(hashtextextended('conclave.audit', 0))`),
      async (db, roomId) => (await db.query('select 1 from keys.room_key where room_id = $1', [roomId])).rowCount === 0,
    ],
  ])(
    'is shredded once and wholly though the process is killed %s',
    async (_, hold, standsThere) => {
      const { room, objects } = await roomWithFiles(3);
      await world.service.close();
      const victim = await filesProcess(world.env);
      const db = await world.database.connect('superuser');
      const look = await world.database.connect('superuser');
      await db.query('begin');
      await hold(db, room.id);
      world.rooms.deleteRoom(room.id);
      await until(
        async () =>
          (await look.query('select 1 from pg_locks where not granted')).rowCount! > 0 &&
          (await standsThere(look, room.id)),
        (there) => there,
      );
      await victim.kill();
      await db.query('rollback');
      expect(await shreddings(room.id)).toEqual([]);

      await world.restart();
      await until(
        () => remainsOf(world, room.id),
        ({ rows }) => rows.length === 0,
      );
      expect(await remainsOf(world, room.id)).toMatchObject(nothing);
      expect(await objectsLeft(objects)).toEqual([]);
      expect(await shreddings(room.id)).toEqual([{ detail: { files: 3 } }]);
    },
    60_000,
  );

  it('loses its objects in the end though the store was away and the process killed before they were removed', async () => {
    const { room, objects } = await roomWithFiles(3);
    await world.service.close();
    const victim = await filesProcess({ ...world.env, S3_ENDPOINT: 'http://127.0.0.1:9' });
    world.rooms.deleteRoom(room.id);
    await until(
      () => shreddings(room.id),
      (seen) => seen.length === 1,
    );
    await victim.kill();
    expect(await objectsLeft(objects)).toHaveLength(3);
    expect((await remainsOf(world, room.id)).keys).toEqual([]);
    await world.restart();
    await until(
      () => remainsOf(world, room.id),
      ({ rows }) => rows.length === 0,
    );
    expect(await objectsLeft(objects)).toEqual([]);
    expect(await shreddings(room.id)).toHaveLength(1);
  }, 60_000);

  it('is shredded once by two replicas and a wiped bus that lost the wake-up', async () => {
    const { room, objects } = await roomWithFiles(3);
    await world.service.close();
    world.rooms.deleteRoom(room.id, false);
    const fresh = await testNats();
    await world.rooms.moveTo({ url: fresh.url, seed: fresh.seeds.rooms });
    const onFresh = { config: { NATS_URL: fresh.url, NATS_NKEY_SEED: fresh.seeds.files } };
    const replica = await world.boot(onFresh);
    await world.restart(onFresh);
    await until(
      () => remainsOf(world, room.id),
      ({ rows }) => rows.length === 0,
    );
    expect(await objectsLeft(objects)).toEqual([]);
    expect(await shreddings(room.id)).toEqual([{ detail: { files: 3 } }]);
    // Before their bus goes: a connection that lost its server cannot say goodbye.
    await Promise.all([replica.service.close(), world.service.close(), world.rooms.close()]);
  }, 60_000);
});

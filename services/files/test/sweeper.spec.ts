import { randomBytes } from 'node:crypto';
import { files } from '@conclave/contracts';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { filesProcess } from './support/files-process.js';
import { remainsOf, until } from './support/remains.js';

const mebibyte = 1024 * 1024;

describe('the sweeper', () => {
  let world: FilesWorld;
  beforeAll(async () => {
    world = await filesWorld({ times: { orphan: 0 } });
  }, 120_000);

  const age = async (fileId: string, minutes: number): Promise<void> => {
    const db = await world.database.connect('superuser');
    await db.query(`update file set updated_at = now() - make_interval(secs => $1) where id = $2`, [
      minutes * 60,
      fileId,
    ]);
  };
  const missingMetric = async (): Promise<string | undefined> => {
    const { host, port } = world.service.internal;
    return /^files_index_missing_objects (\d+)$/m.exec(
      await (await fetch(`http://${host}:${port}/metrics`)).text(),
    )?.[1];
  };

  it('lets reservations go that nobody used, after half a minute and not before', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const { fileId } = await world.as(person).startUpload({ slug: room.slug, name: 'a', type: '', size: 500n });
    await age(fileId, 0.25);
    await world.sweep();
    expect(await remainsOf(world, room.id)).toMatchObject({
      usage: 0,
      rows: [{ status: 'reserved' }],
      keys: [fileId],
    });
    await age(fileId, 0.51);
    await world.sweep();
    expect(await remainsOf(world, room.id)).toMatchObject({ usage: 0, rows: [{ status: 'failed' }], keys: [] });
    await age(fileId, 61);
    await world.sweep();
    expect((await remainsOf(world, room.id)).rows).toEqual([]);
  });

  it('ends an upload whose process was killed, with its parts in the store', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const size = 30 * mebibyte;
    const victim = await filesProcess(world.env);
    const { fileId, hopToken } = await world
      .as(person)
      .startUpload({ slug: room.slug, name: 'a', type: '', size: BigInt(size) });
    const body = (async function* () {
      for (let sent = 0; sent < size; sent += mebibyte) {
        if (sent >= 24 * mebibyte) await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
        yield randomBytes(mebibyte);
      }
    })();
    const sending = victim.data.put(fileId, hopToken, body, { length: size }).catch(() => undefined);
    await until(
      () => remainsOf(world, room.id),
      ({ unfinished }) => unfinished.length > 0,
    );
    await victim.kill();
    await sending;
    await world.sweep();
    expect((await remainsOf(world, room.id)).rows).toMatchObject([{ status: 'uploading' }]);
    await age(fileId, 0.51);
    await world.sweep();
    expect(await remainsOf(world, room.id)).toMatchObject({ rows: [{ status: 'failed' }], keys: [], usage: 0 });
    await age(fileId, 61);
    await world.sweep();
    expect(await remainsOf(world, room.id)).toMatchObject({ rows: [], objects: [], unfinished: [] });
  }, 60_000);

  it('removes objects that no file needs, and no others', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const fileId = await world.share(person, room.slug, randomBytes(100));
    const { root, bucket } = world.bucket;
    await root.putObject(bucket, 'ffff-stray', Buffer.from('stray'));
    await root.putObject(bucket, '0000-stray', Buffer.from('stray'));
    await world.sweep();
    const left: string[] = [];
    for await (const item of root.listObjectsV2(bucket, '', true)) left.push((item as { name: string }).name);
    expect(left.filter((key) => key.includes('stray'))).toEqual([]);
    const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    expect((await world.data.get(fileId, hopToken)).status).toBe(200);
  });

  it('calls a file lost whose object is gone, loudly, and no other', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const ids: string[] = [];
    for (let at = 0; at < 3; at++) ids.push(await world.share(person, room.slug, randomBytes(100)));
    const { rows } = await remainsOf(world, room.id);
    const victim = rows.find(({ id }) => id === ids[1])!;
    await world.bucket.root.removeObject(world.bucket.bucket, victim.object_key);
    await world.sweep();
    const listed = (await world.as(person).listFiles({ slug: room.slug })).files;
    expect(listed.map(({ id, status }) => [id, status])).toEqual([
      [ids[2], files.FileStatus.AVAILABLE],
      [ids[1], files.FileStatus.LOST],
      [ids[0], files.FileStatus.AVAILABLE],
    ]);
    expect(world.log.join('')).toContain('object of a file is gone from the store');
    expect(await missingMetric()).toBe('1');
    await expect(world.as(person).openContent({ slug: room.slug, fileId: ids[1]! })).rejects.toMatchObject({
      reason: 'FILE_NOT_AVAILABLE',
    });
    await world.as(person).deleteFile({ slug: room.slug, fileId: ids[1]! });
    expect((await remainsOf(world, room.id)).rows).toHaveLength(2);
  });

  it('finds an object that rots before somebody reads it, and says so once a round', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const body = randomBytes(100_000);
    const [good, bad] = [await world.share(person, room.slug, body), await world.share(person, room.slug, body)];
    const failures = async (): Promise<number> => {
      const { host, port } = world.service.internal;
      const text = await (await fetch(`http://${host}:${port}/metrics`)).text();
      return Number(/^files_integrity_failures_total (\d+)$/m.exec(text)?.[1]);
    };
    await world.sweep();
    const before = await failures();
    const { rows } = await remainsOf(world, room.id);
    const key = rows.find(({ id }) => id === bad)!.object_key;
    const { root, bucket } = world.bucket;
    const stored: Buffer[] = [];
    for await (const part of await root.getObject(bucket, key)) stored.push(part as Buffer);
    const object = Buffer.concat(stored);
    object[object.length - 500]! ^= 1;
    await root.putObject(bucket, key, object);
    await world.sweep();
    expect(await failures()).toBe(before);
    const db = await world.database.connect('superuser');
    await db.query(`update file set read_at = now() - interval '8 days' where room_id = $1`, [room.id]);
    await world.sweep();
    await world.sweep();
    expect(await failures()).toBe(before + 1);
    const said = world.log.filter((line) => line.includes('object of a file is not what was written'));
    expect(said.map((line) => [line.includes(bad), line.includes(good)])).toEqual([[true, false]]);
  });

  it('works in one replica at a time', async () => {
    const db = await world.database.connect();
    await db.query(`select pg_advisory_lock(hashtextextended('conclave.files.sweeper', 0))`);
    expect(await world.sweep()).toBe(false);
    await db.query(`select pg_advisory_unlock(hashtextextended('conclave.files.sweeper', 0))`);
    expect(await world.sweep()).toBe(true);
  });
});

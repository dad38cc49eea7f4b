import { randomBytes } from 'node:crypto';
import { filesProcess } from './support/files-process.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { keptUpload } from './support/kept-upload.js';
import { remainsOf, until } from './support/remains.js';
import { StoreProxy } from './support/store-proxy.js';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
/** What a part of a file of this length holds. */
const partBytes = 8 * mebibyte;

/** What the store is tried with at first lies under a prefix of its own. */
const partOfFile = /^PUT (?!.*preflight).*partNumber=/;

describe('an upload that is kept', () => {
  let world: FilesWorld;
  beforeAll(async () => {
    world = await filesWorld({ times: { orphan: 0 } });
  }, 120_000);

  const begin = async (size: number) => {
    const room = world.rooms.room();
    return { room, upload: await keptUpload(world, world.inside(room), room.slug, randomBytes(size)) };
  };
  const piecesOf = async (fileId: string): Promise<number> => {
    const db = await world.database.connect('superuser');
    const found = await db.query<{ count: number }>(
      'select cardinality(pieces) as count from upload where file_id = $1',
      [fileId],
    );
    return found.rows[0]?.count ?? 0;
  };

  it('goes on with whatever lengths it is sent in, and leaves one object', async () => {
    const { room, upload } = await begin(2 * partBytes + 777_777);
    for (let end = 0; end < upload.bytes.length;) {
      end = Math.min(upload.bytes.length, end + mebibyte + Math.floor(Math.random() * 3 * mebibyte));
      expect(await upload.send(end)).toBe(end);
    }
    const [read, meant] = await upload.hashes();
    expect(read).toBe(meant);
    expect(await remainsOf(world, room.id)).toMatchObject({
      rows: [{ status: 'available' }],
      unfinished: [],
      usage: upload.bytes.length,
    });
    await world.sweep();
    expect((await objectsOf(room.id)).length).toBe(1);
  }, 60_000);

  const objectsOf = async (roomId: string): Promise<string[]> => {
    const { rows } = await remainsOf(world, roomId);
    const keys: string[] = [];
    for await (const item of world.bucket.root.listObjectsV2(world.bucket.bucket, '', true))
      keys.push((item as { name: string }).name);
    return keys.filter((key) => rows.some((row) => key.startsWith(row.object_key.split('.')[0] ?? '')));
  };

  it.each([0, 1, 65_536, partBytes - 1, partBytes])(
    'of %d bytes is whole when its last byte is stored',
    async (size) => {
      const { upload } = await begin(size);
      if (size > 1) expect(await upload.send(Math.floor(size / 2))).toBe(Math.floor(size / 2));
      expect(await upload.send()).toBe(size);
      const [read, meant] = await upload.hashes();
      expect(read).toBe(meant);
      const { upload: seen } = await world.uploadsAs(upload.person).getUpload(upload);
      expect(seen).toMatchObject({ offset: BigInt(size), size: BigInt(size) });
      expect(seen?.expiresAt).toBeUndefined();
    },
    60_000,
  );

  it('keeps its whole parts when the connection breaks off', async () => {
    const { upload } = await begin(3 * partBytes);
    await upload.breakOff(partBytes + 3 * mebibyte, partBytes);
    expect((await upload.resume()).offset).toBe(partBytes);
    expect(await upload.send()).toBe(3 * partBytes);
    const [read, meant] = await upload.hashes();
    expect(read).toBe(meant);
  });

  it('comes forward over a line that breaks off before a part is whole', async () => {
    const { upload } = await begin(partBytes + 1000);
    await upload.breakOff(2 * mebibyte, 0);
    // Nothing came of the first; from then on, until the part is whole, it is kept in small pieces.
    for (const stored of [2, 4, 6]) {
      await upload.breakOff(2 * mebibyte + 100 * kibibyte, stored * mebibyte);
      expect((await upload.resume()).offset).toBe(stored * mebibyte);
    }
    expect(await upload.send()).toBe(partBytes + 1000);
    const [read, meant] = await upload.hashes();
    expect(read).toBe(meant);
  });

  it('joins its pieces where a client sends next to nothing at a time', async () => {
    const { upload } = await begin(200_000);
    for (let end = 1000; end <= 66_000; end += 1000) expect(await upload.send(end)).toBe(end);
    expect(await piecesOf(upload.fileId)).toBeLessThan(10);
    expect(await upload.send()).toBe(200_000);
    const [read, meant] = await upload.hashes();
    expect(read).toBe(meant);
  }, 60_000);

  it('goes on in another process when its own was killed', async () => {
    const { room, upload } = await begin(3 * partBytes + 5);
    for (const count of [partBytes + 2 * mebibyte, partBytes + mebibyte]) {
      const victim = await filesProcess(world.env);
      const before = await upload.stored();
      const sending = upload.breakOff(count, Infinity, victim.data);
      await until(upload.stored, (stored) => stored > before, 20_000);
      await victim.kill();
      await sending;
    }
    expect((await upload.resume()).offset).toBe(2 * partBytes);
    expect(await upload.send()).toBe(upload.bytes.length);
    const [read, meant] = await upload.hashes();
    expect(read).toBe(meant);
    await world.sweep();
    expect(await objectsOf(room.id)).toHaveLength(1);
  }, 60_000);

  it('is finished by whoever asks for it, when its process died behind the last byte', async () => {
    const { upload } = await begin(partBytes + 10);
    const db = await world.database.connect('superuser');
    await db.query(`create function dies() returns trigger language plpgsql as
      $$ begin if new.status = 'available' then raise exception 'dead'; end if; return new; end $$`);
    await db.query('create trigger dies before update on file for each row execute function dies()');
    expect(await upload.send()).toBe('INTERNAL');
    await db.query('drop trigger dies on file');
    expect(await upload.resume()).toEqual({ offset: upload.bytes.length, hopToken: '' });
    const [read, meant] = await upload.hashes();
    expect(read).toBe(meant);
    const events = await db.query(`select 1 from outbox where type = 'file.available' and payload->>'fileId' = $1`, [
      upload.fileId,
    ]);
    expect(events.rows).toHaveLength(1);
  });

  it('pauses while the store is not there, and goes on', async () => {
    const { upload } = await begin(2 * partBytes + 9);
    expect(await upload.send(partBytes + 100)).toBe(partBytes + 100);
    const blind = await world.boot({ config: { S3_ENDPOINT: 'http://127.0.0.1:9' } });
    const { offset, hopToken } = await upload.resume();
    const answer = await blind.data.patch(upload.fileId, hopToken, offset, Buffer.from(upload.bytes.subarray(offset)));
    expect(answer.status).toBe(503);
    await blind.service.close();
    expect((await upload.resume()).offset).toBe(partBytes + 100);
    expect(await upload.send()).toBe(upload.bytes.length);
    const [read, meant] = await upload.hashes();
    expect(read).toBe(meant);
  }, 60_000);

  it('pauses when the store is full in the middle, and goes on once there is room', async () => {
    const { upload } = await begin(2 * partBytes + 9);
    const proxy = await StoreProxy.before(world.bucket.endpoint);
    const { data, service } = await world.boot({ config: { S3_ENDPOINT: proxy.endpoint } });
    proxy.next(partOfFile, { kind: 'refuse', status: 507, code: 'XMinioStorageFull' });
    expect(await upload.send(partBytes + 100, data)).toBe('STORE_FULL');
    expect(await upload.stored()).toBe(0);
    expect(await upload.send(partBytes + 100, data)).toBe(partBytes + 100);
    proxy.next(partOfFile, { kind: 'refuse', status: 507, code: 'XMinioStorageFull' });
    expect(await upload.send(undefined, data)).toBe('STORE_FULL');
    expect(await upload.stored()).toBe(partBytes + 100);
    await service.close();
    expect(await upload.send()).toBe(upload.bytes.length);
    const [read, meant] = await upload.hashes();
    expect(read).toBe(meant);
  });

  it('is not ended by a sweeper of the release before, which knows leases alone, until it is over', async () => {
    const { upload } = await begin(2 * partBytes);
    await upload.send(1000);
    const db = await world.database.connect();
    // As that release asks for dead uploads, and as it ends one.
    const ended = async (): Promise<number> => {
      await db.query(`update file set updated_at = now() - interval '31 seconds' where id = $1`, [upload.fileId]);
      const { rows } = await db.query<{ id: string }>(
        `select id from file where status in ('reserved', 'uploading') and updated_at < now() - interval '30 seconds' and id = $1`,
        [upload.fileId],
      );
      expect(rows).toHaveLength(1);
      const retired = await db.query(
        `update file set status = 'failed', updated_at = now() where id = $1 and status in ('reserved', 'uploading') returning id`,
        [upload.fileId],
      );
      return retired.rows.length;
    };
    expect(await ended()).toBe(0);
    expect(await upload.send(2000)).toBe(2000);
    await db.query('update upload set expires_at = now() where file_id = $1', [upload.fileId]);
    expect(await ended()).toBe(1);
  });

  it.each(['parts', 'pieces'])('ends where the store has lost its %s, as after a restore', async (what) => {
    const { room, upload } = await begin(2 * partBytes);
    await upload.send(what === 'parts' ? partBytes : 1000);
    const { root, bucket } = world.bucket;
    const db = await world.database.connect('superuser');
    const { rows } = await db.query<{ object_key: string; pieces: string[] }>(
      'select object_key, pieces from file join upload on file_id = id where id = $1',
      [upload.fileId],
    );
    for (const { object_key: key, pieces } of rows) {
      if (what === 'parts') await root.removeIncompleteUpload(bucket, key);
      for (const piece of pieces) await root.removeObject(bucket, piece);
    }
    expect(await upload.send()).toBe('NOT_FOUND');
    await expect(upload.resume()).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    expect(await remainsOf(world, room.id)).toMatchObject({ keys: [], usage: 0 });
  });

  it('is listed for whoever began it, and for nobody else', async () => {
    const { room, upload } = await begin(1000);
    await upload.send(400);
    const { uploads } = await world.uploadsAs(upload.person).listUploads({ slug: room.slug });
    expect(uploads).toMatchObject([{ id: upload.fileId, name: 'a.bin', size: 1000n, offset: 400n }]);
    const later = await keptUpload(world, upload.person, room.slug, randomBytes(1000));
    const pageAfter = (after: string) =>
      world.uploadsAs(upload.person).listUploads({ slug: room.slug, limit: 1, after });
    const first = await pageAfter('');
    expect([first.uploads.map(({ id }) => id), first.next]).toEqual([[later.fileId], later.fileId]);
    const last = await pageAfter(first.next);
    expect([last.uploads.map(({ id }) => id), last.next]).toEqual([[upload.fileId], '']);
    await world.uploadsAs(upload.person).endUpload(later);
    const other = world.inside(room, 'owner');
    expect((await world.uploadsAs(other).listUploads({ slug: room.slug })).uploads).toEqual([]);
    await upload.send();
    expect((await world.uploadsAs(upload.person).listUploads({ slug: room.slug })).uploads).toEqual([]);
  });

  it('ends when its owner gives it up, with everything that was stored', async () => {
    const { room, upload } = await begin(2 * partBytes);
    await upload.send(partBytes + 1000);
    await world.uploadsAs(upload.person).endUpload(upload);
    await expect(upload.resume()).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    expect(await remainsOf(world, room.id)).toMatchObject({ keys: [], usage: 0, unfinished: [], rows: [] });
    expect(await objectsOf(room.id)).toEqual([]);
    await expect(world.uploadsAs(upload.person).endUpload(upload)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
  });
});

import { randomBytes } from 'node:crypto';
import { PresenceWatches } from '../src/content/presence-watches.js';
import { reasonOf } from './support/data-client.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { keptAs, keptUpload } from './support/kept-upload.js';
import { remainsOf, until } from './support/remains.js';

const mebibyte = 1024 * 1024;
const partBytes = 8 * mebibyte;

describe('an upload that is kept belongs to one person, who is in the meeting', () => {
  let world: FilesWorld;
  beforeAll(async () => {
    world = await filesWorld({ times: { orphan: 0 } });
  }, 120_000);

  const begin = async (size: number) => {
    const room = world.rooms.room();
    const person = world.inside(room);
    return { room, person, upload: await keptUpload(world, person, room.slug, randomBytes(size)) };
  };
  const age = async (roomId: string, hours: number): Promise<void> => {
    const db = await world.database.connect('superuser');
    const back = `make_interval(hours => ${hours})`;
    await db.query(
      `update upload set expires_at = expires_at - ${back} where file_id in (select id from file where room_id = $1)`,
      [roomId],
    );
    await db.query(`update file set updated_at = updated_at - ${back} where room_id = $1`, [roomId]);
  };

  it('goes on after coming back, under another admission, and not while away', async () => {
    const { room, person, upload } = await begin(2 * partBytes);
    await upload.send(1000);
    world.rooms.leave(room.id, person.userId, true);
    await expect(upload.resume()).rejects.toMatchObject({ reason: 'NOT_PRESENT' });
    await expect(world.uploadsAs(person).listUploads(upload)).rejects.toMatchObject({ reason: 'NOT_PRESENT' });
    world.rooms.enter(room.id, person);
    expect(await upload.send()).toBe(upload.bytes.length);
    const [read, meant] = await upload.hashes();
    expect(read).toBe(meant);
  });

  it('stops when its person is put out in the middle, keeps what was stored until it expires, and then it is shredded', async () => {
    const { room, person, upload } = await begin(3 * partBytes);
    const { offset, hopToken } = await upload.resume();
    let end: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (end = resolve));
    const body = (async function* () {
      for (let at = 0; at < partBytes + mebibyte; at += mebibyte)
        yield Buffer.from(upload.bytes.subarray(at, at + mebibyte));
      await until(
        async () => Number((await world.uploadsAs(person).getUpload(upload)).upload?.offset),
        (stored) => stored === partBytes,
      );
      world.rooms.leave(room.id, person.userId, true);
      await answered;
      throw new Error('the rest is not sent');
    })();
    const answer = await world.data.patch(upload.fileId, hopToken, offset, body, { length: upload.bytes.length });
    end();
    expect(reasonOf(answer)).toBe('NOT_PRESENT');
    await expect(upload.resume()).rejects.toMatchObject({ reason: 'NOT_PRESENT' });
    await world.sweep();
    // What it has sent still takes its place, and the parts are there.
    expect(await remainsOf(world, room.id)).toMatchObject({ rows: [{ status: 'uploading' }], keys: [upload.fileId] });
    expect((await remainsOf(world, room.id)).usage).toBeGreaterThanOrEqual(partBytes);
    await age(room.id, 25);
    await world.sweep();
    expect(await remainsOf(world, room.id)).toMatchObject({ rows: [{ status: 'failed' }], keys: [], usage: 0 });
    await age(room.id, 2);
    await world.sweep();
    expect(await remainsOf(world, room.id)).toMatchObject({ rows: [], unfinished: [], objects: [] });
  }, 60_000);

  it('that was left for a month is over for everybody, also before a sweep', async () => {
    const { room, upload } = await begin(1000);
    await upload.send(400);
    await age(room.id, 24 * 30);
    await expect(upload.resume()).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    expect((await world.uploadsAs(upload.person).listUploads({ slug: room.slug })).uploads).toEqual([]);
    await world.sweep();
    expect(await remainsOf(world, room.id)).toMatchObject({ keys: [], usage: 0 });
  });

  it('is nothing to anybody else, whatever they may do in the room', async () => {
    const { room, upload } = await begin(1000);
    await upload.send(400);
    for (const role of ['owner', 'moderator', 'participant'] as const) {
      const other = world.uploadsAs(world.inside(room, role));
      for (const call of [other.getUpload, other.resumeUpload, other.endUpload])
        await expect(call({ slug: room.slug, fileId: upload.fileId })).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    }
    // Nor to its owner in another room.
    const elsewhere = world.rooms.room();
    world.rooms.enter(elsewhere.id, upload.person);
    await expect(
      world.uploadsAs(upload.person).resumeUpload({ slug: elsewhere.slug, fileId: upload.fileId }),
    ).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    expect((await upload.resume()).offset).toBe(400);
    // While it stands still, others do not see it at all.
    await age(room.id, 1);
    const { files } = await world.as(world.inside(room)).listFiles({ slug: room.slug });
    expect(files).toEqual([]);
  });

  it('takes nothing by a lying offset or length, and goes on unharmed', async () => {
    const { upload } = await begin(1000);
    await upload.send(400);
    const lie = async (offset: number, length: number) => {
      const { hopToken } = await upload.resume();
      return reasonOf(await world.data.patch(upload.fileId, hopToken, offset, randomBytes(length)));
    };
    expect(await lie(0, 1000)).toBe('CONFLICT');
    expect(await lie(399, 601)).toBe('CONFLICT');
    expect(await lie(401, 599)).toBe('CONFLICT');
    expect(await lie(400, 601)).toBe('LENGTH_MISMATCH');
    const { hopToken } = await upload.resume();
    expect(reasonOf(await world.data.put(upload.fileId, hopToken, randomBytes(1000)))).toBe('CONFLICT');
    expect(await upload.send()).toBe(1000);
    const [read, meant] = await upload.hashes();
    expect(read).toBe(meant);
  });

  it('takes bytes by a token once, and by none that was given out before a newer one', async () => {
    const { upload } = await begin(1000);
    const older = await upload.resume();
    const newer = await upload.resume();
    const body = () => Buffer.from(upload.bytes.subarray(0, 500));
    const refused = await world.data.patch(upload.fileId, older.hopToken, 0, body());
    expect([reasonOf(refused), JSON.parse(refused.body.toString())]).toMatchObject([
      'CONFLICT',
      { details: { why: 'taken-over' } },
    ]);
    expect((await world.data.patch(upload.fileId, newer.hopToken, 0, body())).status).toBe(204);
    expect(reasonOf(await world.data.patch(upload.fileId, newer.hopToken, 500, body()))).toBe('CONFLICT');
  });

  it.each(['the same process', 'another process'])(
    'is moved by the newest request alone: the older one, in %s, is told, and nothing is mixed',
    async (where) => {
      const { room, upload } = await begin(3 * partBytes);
      const older = where === 'another process' ? await world.boot() : undefined;
      const first = await upload.resume();
      let told: (reason: string) => void = () => undefined;
      const outcome = new Promise<string>((resolve) => (told = resolve));
      const over = new AbortController();
      const body = (async function* () {
        // Other bytes than the newer one sends: if any of them counted, the hash would say so.
        for (let sent = 0; sent < partBytes + 2 * mebibyte; sent += mebibyte) yield randomBytes(mebibyte);
        await new Promise((resolve) => over.signal.addEventListener('abort', resolve));
        throw new Error('told');
      })();
      const through = older?.data ?? world.data;
      const sending = through
        .patch(upload.fileId, first.hopToken, 0, body, { length: upload.bytes.length })
        .then((answer) => told(reasonOf(answer)));
      // It has stored nothing that the newer one does not know of: that one asks first.
      await new Promise((resolve) => setTimeout(resolve, 50));
      const { offset } = await upload.resume();
      if (offset === 0) expect(await upload.send()).toBe(upload.bytes.length);
      expect(await outcome).toBe('CONFLICT');
      over.abort();
      await sending;
      await older?.service.close();
      if (offset > 0) return;
      const [read, meant] = await upload.hashes();
      expect(read).toBe(meant);
      expect((await remainsOf(world, room.id)).objects).toHaveLength(1);
    },
    60_000,
  );

  it('whose key cannot be opened is refused, and nobody goes on watching over it', async () => {
    const { upload } = await begin(1000);
    const { offset, hopToken } = await upload.resume();
    const db = await world.database.connect('superuser');
    await db.query('delete from keys.file_key where file_id = $1', [upload.fileId]);
    expect(reasonOf(await world.data.patch(upload.fileId, hopToken, offset, upload.bytes))).toBe('NOT_FOUND');
    // Left open, it would prove presence and renew its lease for as long as the process lives.
    const { open } = world.service.app.get(PresenceWatches) as unknown as { open: ReadonlySet<unknown> };
    expect(open.size).toBe(0);
  });

  it('are bounded for each person, however many are begun at once', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const db = await world.database.connect('superuser');
    const one = await keptUpload(world, person, room.slug, Buffer.alloc(10));
    const copy = await db.query<{ id: string }>(
      `insert into file (id, room_id, owner_id, status, object_key, metadata, size, charged)
         select gen_random_uuid(), room_id, owner_id, status, md5(random()::text || i), metadata, size, 0
           from file, generate_series(1, 94) i where id = $1 returning id`,
      [one.fileId],
    );
    await db.query(`insert into upload (file_id, expires_at) select unnest($1::uuid[]), now() + interval '1 day'`, [
      copy.rows.map(({ id }) => id),
    ]);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => keptUpload(world, person, room.slug, Buffer.alloc(10))),
    );
    const refusals = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [(outcome.reason as { details: object }).details] : [],
    );
    expect([outcomes.length - refusals.length, refusals]).toEqual([5, Array(15).fill({ quota: 'uploads' })]);
    // Whoever reached it may still share a file in one request.
    await expect(world.share(person, room.slug, Buffer.from('x'))).resolves.toBeDefined();
  });

  it('end with their room', async () => {
    const { room, upload } = await begin(2 * partBytes);
    await upload.send(partBytes + 1000);
    world.rooms.deleteRoom(room.id);
    await until(
      () => remainsOf(world, room.id),
      ({ rows, unfinished, keys }) => rows.length === 0 && unfinished.length === 0 && keys.length === 0,
    );
    await expect(upload.resume()).rejects.toMatchObject({ reason: 'NOT_FOUND' });
  });

  it('that somebody shows to be another file by its fingerprint alone are held to their length', async () => {
    const { upload } = await begin(1000);
    await upload.send(400);
    const other = keptAs(world, { ...upload, bytes: randomBytes(1200) });
    expect(await other.send()).toBe('LENGTH_MISMATCH');
    expect((await upload.resume()).offset).toBe(400);
  });
});

import { randomBytes, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { files, fromBinary } from '@conclave/contracts';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { reasonOf } from './support/data-client.js';
import { remainsOf, until } from './support/remains.js';

const mebibyte = 1024 * 1024;

describe('an upload', () => {
  let world: FilesWorld;
  beforeAll(async () => {
    world = await filesWorld({
      config: { MAX_FILE_BYTES: String(30 * mebibyte), ROOM_QUOTA_BYTES: String(40 * mebibyte) },
    });
  }, 120_000);

  const start = async (size: number, name = 'plan.txt') => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const started = await world
      .as(person)
      .startUpload({ slug: room.slug, name, type: 'text/plain', size: BigInt(size) });
    return { room, person, ...started };
  };

  it('is announced and put on record once, with ids and nothing else', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const fileId = await world.share(person, room.slug, randomBytes(100), 'canary-name.txt');
    const db = await world.database.connect();
    const events = await db.query<{ payload: object }>(
      `select payload from outbox where type = 'file.available' and payload->>'fileId' = $1`,
      [fileId],
    );
    expect(events.rows).toEqual([{ payload: { roomId: room.id, fileId, ownerId: person.userId } }]);
    const record = await db.query('select actor, action from audit where subject = $1', [`file:${fileId}`]);
    expect(record.rows).toEqual([{ actor: `user:${person.userId}`, action: 'file.shared' }]);
  });

  it('that is begun again under its key is the same one, and takes one place', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const request = { slug: room.slug, name: 'a.txt', type: 'text/plain', size: 100n };
    const options = { idempotencyKey: randomUUID() };
    const begin = () => world.as(person).startUpload(request, options);
    const begun = await Promise.all([begin(), begin(), begin()]);
    begun.push(await begin());
    expect(new Set(begun.map(({ fileId, hopToken }) => `${fileId} ${hopToken}`)).size).toBe(1);
    expect(await remainsOf(world, room.id)).toMatchObject({ rows: [{ status: 'reserved' }], usage: 0 });
    const other = world.as(person).startUpload({ ...request, size: 101n }, options);
    await expect(other).rejects.toMatchObject({ reason: 'CONFLICT' });
  });

  it('is answered with the file as everybody in the room sees it from now on', async () => {
    const { room, person, fileId, hopToken } = await start(100, 'résumé.txt');
    const answer = await world.data.put(fileId, hopToken, randomBytes(100));
    expect([answer.status, answer.headers['content-type']]).toEqual([201, 'application/protobuf']);
    const { file } = await world.as(person).getFile({ slug: room.slug, fileId });
    expect(fromBinary(files.FileSchema, answer.body)).toMatchObject({
      id: fileId,
      name: 'résumé.txt',
      status: files.FileStatus.AVAILABLE,
      sha256: file?.sha256,
      size: 100n,
      ownerId: person.userId,
      ownerName: file?.ownerName,
      can: ['file.read', 'file.delete'],
      createdAt: file?.createdAt,
    });
  });

  it.each([
    ['shorter', 99],
    ['longer', 101],
  ])('whose declared length is %s than what was reserved is refused and leaves nothing', async (_, length) => {
    const { room, fileId, hopToken } = await start(100);
    const answer = await world.data.put(fileId, hopToken, randomBytes(length));
    expect([answer.status, reasonOf(answer), answer.headers['x-conclave-reason']]).toEqual([
      400,
      'LENGTH_MISMATCH',
      'LENGTH_MISMATCH',
    ]);
    expect(await remainsOf(world, room.id)).toMatchObject({
      objects: [],
      keys: [],
      usage: 0,
      rows: [{ status: 'failed' }],
    });
  });

  it('without a declared length is refused', async () => {
    const { fileId, hopToken } = await start(100);
    const body = (async function* () {
      yield randomBytes(100);
    })();
    expect(reasonOf(await world.data.put(fileId, hopToken, body))).toBe('LENGTH_MISMATCH');
  });

  it.each([
    ['a small body', 50_000],
    ['a body of several parts', 20 * mebibyte],
  ])(
    'that is aborted halfway through %s leaves no orphan and gives its bytes back',
    async (_, size) => {
      const { room, fileId, hopToken } = await start(size);
      const socket = connect(world.data.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(
        `PUT /uploads/${fileId} HTTP/1.1\r\nhost: files\r\nauthorization: Hop ${hopToken}\r\ncontent-length: ${size}\r\n\r\n`,
      );
      await new Promise<void>((resolve) => socket.write(randomBytes(Math.floor(size * 0.7)), () => resolve()));
      await until(
        () => remainsOf(world, room.id),
        ({ rows }) => rows[0]?.status === 'uploading',
      );
      socket.destroy();
      const remains = await until(
        () => remainsOf(world, room.id),
        ({ rows, keys }) => rows[0]?.status === 'failed' && keys.length === 0,
      );
      await until(
        () => remainsOf(world, room.id),
        ({ unfinished }) => unfinished.length === 0,
      );
      expect(remains).toMatchObject({ objects: [], keys: [], usage: 0 });
    },
    60_000,
  );

  it('that nobody begins is not shown', async () => {
    const { room, person } = await start(100);
    expect((await world.as(person).listFiles({ slug: room.slug })).files).toEqual([]);
  });

  it('keeps ten files of one name apart', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const ids = await Promise.all(
      Array.from({ length: 10 }, (_, at) => world.share(person, room.slug, Buffer.from([at]), 'same.txt')),
    );
    const { files } = await world.as(person).listFiles({ slug: room.slug });
    expect(files.map(({ name }) => name)).toEqual(Array.from({ length: 10 }, () => 'same.txt'));
    expect(new Set(files.map(({ id }) => id))).toEqual(new Set(ids));
    for (const [at, fileId] of ids.entries()) {
      const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
      expect([...(await world.data.get(fileId, hopToken)).body]).toEqual([at]);
    }
  });

  it.each(['', ' ', '..', 'x'.repeat(256), '\u202e'])('of a file that cannot be called %j is refused', async (name) => {
    await expect(start(1, name)).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT', details: { field: 'name' } });
  });

  it.each([
    ['../../x', '.._.._x'],
    ['\u05e9\u05dc\u05d5\u05dd \u{1f600}.pdf', '\u05e9\u05dc\u05d5\u05dd \u{1f600}.pdf'],
    ['a\u202egpj.exe\u0000', 'agpj.exe'],
  ])('of %j is kept under a safe name', async (given, safe) => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const fileId = await world.share(person, room.slug, Buffer.from('x'), given);
    const { file, hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    expect(file?.name).toBe(safe);
    const answer = await world.data.get(fileId, hopToken);
    expect(answer.headers['content-disposition']).toBe(`attachment; filename*=UTF-8''${encodeURIComponent(safe)}`);
  });

  it('larger than a file may be is refused before a byte is sent', async () => {
    await expect(start(30 * mebibyte + 1)).rejects.toMatchObject({ reason: 'FILE_TOO_LARGE' });
    await expect(start(Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({ reason: 'FILE_TOO_LARGE' });
  });

  it('takes its place atomically: of ten that one person begins at once only as many get one as fit', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () =>
        world.as(person).startUpload({ slug: room.slug, name: 'a', type: '', size: BigInt(10 * mebibyte) }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    const refusals = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [(outcome.reason as { reason: string }).reason] : [],
    );
    expect(refusals).toEqual(Array.from({ length: 6 }, () => 'QUOTA_EXCEEDED'));
    // A promise takes nothing from anybody else.
    expect((await remainsOf(world, room.id)).usage).toBe(0);
    await expect(world.share(world.inside(room), room.slug, randomBytes(100))).resolves.toBeDefined();
  });

  it.each([true, false])(
    'ends when presence does (told by a broadcast: %s)',
    async (tell) => {
      const size = 20 * mebibyte;
      const { room, person, fileId, hopToken } = await start(size);
      let end: () => void = () => undefined;
      const answered = new Promise<void>((resolve) => (end = resolve));
      const body = (async function* () {
        for (let sent = 0; sent < 10 * mebibyte; sent += mebibyte) yield randomBytes(mebibyte);
        world.rooms.leave(room.id, person.userId, tell);
        // Not one more byte: nothing but the end of presence can bring the answer. How soon it does: presence-watch.spec.ts.
        await answered;
        // Ended in the middle: a connection on which half a body is missing must not serve anybody else.
        throw new Error('the rest is not sent');
      })();
      const answer = await world.data.put(fileId, hopToken, body, { length: size });
      end();
      expect(reasonOf(answer)).toBe('NOT_PRESENT');
      expect(
        await until(
          () => remainsOf(world, room.id),
          ({ unfinished }) => unfinished.length === 0,
        ),
      ).toMatchObject({ objects: [], keys: [], usage: 0 });
    },
    60_000,
  );

  it('fails as a whole when the store is not there, and later ones work again', async () => {
    const dead = await world.boot({ config: { S3_ENDPOINT: 'http://127.0.0.1:9' } });
    const { room, fileId, hopToken } = await start(100);
    expect(reasonOf(await dead.data.put(fileId, hopToken, randomBytes(100)))).toBe('UNAVAILABLE');
    expect(await remainsOf(world, room.id)).toMatchObject({ keys: [], usage: 0, rows: [{ status: 'failed' }] });
    await dead.service.close();
  });
});

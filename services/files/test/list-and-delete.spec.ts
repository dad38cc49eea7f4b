import { randomBytes, randomUUID } from 'node:crypto';
import { files, type common } from '@conclave/contracts';
import { onFileEnd } from '@conclave/testing';
import { answerNames } from './support/auth-responder.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { remainsOf, until } from './support/remains.js';

describe('the files of a room', () => {
  let world: FilesWorld;
  const names = new Map<string, string>();
  beforeAll(async () => {
    world = await filesWorld();
    const bus = await answerNames({ url: world.nats.url, seed: world.nats.seeds.auth }, names);
    onFileEnd(() => bus.close());
  }, 120_000);

  it('come newest first, page by page, with the names of their owners', async () => {
    const room = world.rooms.room();
    const [marta, jon] = [world.inside(room), world.inside(room)];
    names.set(marta.userId, 'Marta Berg').set(jon.userId, 'Jon Vik');
    const shared: string[] = [];
    for (let at = 0; at < 7; at++)
      shared.push(await world.share(at % 2 ? jon : marta, room.slug, Buffer.from([at]), `f${at}`));

    const seen: { id: string; owner: string }[] = [];
    let after = '';
    do {
      const page = await world.as(marta).listFiles({ slug: room.slug, limit: 3, after });
      expect(page.files.length).toBeLessThanOrEqual(3);
      expect(page.maxFileBytes).toBe(BigInt(world.env['MAX_FILE_BYTES']!));
      seen.push(...page.files.map(({ id, ownerName }) => ({ id, owner: ownerName })));
      after = page.next;
    } while (after);
    expect(seen.map(({ id }) => id)).toEqual([...shared].reverse());
    expect(seen.map(({ owner }) => owner)).toEqual([
      'Marta Berg',
      'Jon Vik',
      'Marta Berg',
      'Jon Vik',
      'Marta Berg',
      'Jon Vik',
      'Marta Berg',
    ]);
  });

  it.each([{ limit: 101 }, { after: 'x' }])('are not listed for %j', async (wrong) => {
    const room = world.rooms.room();
    const person = world.inside(room);
    await expect(world.as(person).listFiles({ slug: room.slug, ...wrong })).rejects.toMatchObject({
      reason: 'INVALID_ARGUMENT',
    });
    await expect(world.as(person).listFiles({ slug: '' })).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT' });
  });

  it.each(['owner of the file', 'owner', 'moderator'] as const)('are shredded by the %s', async (who) => {
    const room = world.rooms.room();
    const sharer = world.inside(room);
    const person = who === 'owner of the file' ? sharer : world.inside(room, who);
    const fileId = await world.share(sharer, room.slug, randomBytes(1000));
    const { hopToken } = await world.as(sharer).openContent({ slug: room.slug, fileId });
    await world.as(person).deleteFile({ slug: room.slug, fileId });
    expect(await remainsOf(world, room.id)).toMatchObject({ objects: [], rows: [], keys: [], usage: 0 });
    expect((await world.data.get(fileId, hopToken)).status).toBe(404);
    await expect(world.as(person).deleteFile({ slug: room.slug, fileId })).rejects.toMatchObject({
      reason: 'NOT_FOUND',
    });
    const db = await world.database.connect();
    const events = await db.query(
      `select payload from outbox where type = 'file.deleted' and payload->>'fileId' = $1`,
      [fileId],
    );
    expect(events.rows).toEqual([{ payload: { roomId: room.id, fileId } }]);
  });

  it('stay where another participant asks to shred them', async () => {
    const room = world.rooms.room();
    const [owner, other] = [world.inside(room), world.inside(room)];
    const fileId = await world.share(owner, room.slug, randomBytes(10));
    await expect(world.as(other).deleteFile({ slug: room.slug, fileId })).rejects.toMatchObject({
      reason: 'PERMISSION_DENIED',
    });
    expect((await world.as(other).getFile({ slug: room.slug, fileId })).file?.status).toBe(files.FileStatus.AVAILABLE);
  });

  it('are announced to rooms over the feed, in order, and to nobody else', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const fileId = await world.share(person, room.slug, randomBytes(10));
    await world.as(person).deleteFile({ slug: room.slug, fileId });
    const feed = await world.feedAs('rooms');
    const types = await until(
      async () => {
        const { events } = await feed.listEvents({ limit: 500 });
        const isMine = ({ event }: common.FeedEvent) =>
          (event.case === 'fileAvailable' || event.case === 'fileDeleted') && event.value.fileId === fileId;
        return events.filter(isMine).map(({ type }) => type);
      },
      (seen) => seen.length === 2,
    );
    expect(types).toEqual(['file.available', 'file.deleted']);
    await expect((await world.feedAs('gateway')).listEvents({ limit: 1 })).rejects.toBeDefined();
  });

  it('that were deleted while the store was away are noise at once and gone after a sweep', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const fileId = await world.share(person, room.slug, randomBytes(1000));
    const { service } = world;
    await service.close();
    const blind = await world.boot({ config: { S3_ENDPOINT: 'http://127.0.0.1:9' } });
    await world.as(person).deleteFile({ slug: room.slug, fileId });
    expect(await remainsOf(world, room.id)).toMatchObject({
      keys: [],
      rows: [{ status: 'deleting' }],
      objects: [expect.any(String)],
    });
    await blind.service.close();
    await world.restart();
    await world.sweep();
    expect(await remainsOf(world, room.id)).toMatchObject({ objects: [], rows: [] });
  }, 60_000);

  it('of a room that never was are NOT_PRESENT', async () => {
    await expect(world.as(world.principals.person()).listFiles({ slug: randomUUID() })).rejects.toMatchObject({
      reason: 'NOT_PRESENT',
    });
  });
});

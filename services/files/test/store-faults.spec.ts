import { randomBytes } from 'node:crypto';
import { reasonOf } from './support/data-client.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { remainsOf } from './support/remains.js';
import { StoreProxy } from './support/store-proxy.js';

const mebibyte = 1024 * 1024;
const part = (number: number) => new RegExp(`^PUT .*partNumber=${number}&`);
const slowDown = { kind: 'refuse', status: 503, code: 'SlowDown' } as const;

describe('a store that fails on the way', () => {
  let world: FilesWorld;
  let proxy: StoreProxy;
  let data: FilesWorld['data'];
  const body = randomBytes(17 * mebibyte);

  beforeAll(async () => {
    world = await filesWorld();
    proxy = await StoreProxy.before(world.bucket.endpoint);
    ({ data } = await world.boot({ config: { S3_ENDPOINT: proxy.endpoint } }));
  }, 120_000);
  afterEach(() => expect(proxy.waiting).toBe(0));

  const start = async (bytes: Buffer) => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const size = BigInt(bytes.length);
    const begun = await world.as(person).startUpload({ slug: room.slug, name: 'a', type: '', size });
    return { room, person, ...begun };
  };

  /** Shares through the proxy, and reads back past it. */
  const survives = async (bytes: Buffer) => {
    const { room, person, fileId, hopToken } = await start(bytes);
    const stored = await data.put(fileId, hopToken, bytes);
    expect(stored.status).toBe(201);
    const opened = await world.as(person).openContent({ slug: room.slug, fileId });
    const answer = await world.data.get(fileId, opened.hopToken);
    expect(answer.body.equals(bytes)).toBe(true);
    expect(await remainsOf(world, room.id)).toMatchObject({ unfinished: [], rows: [{ status: 'available' }] });
  };

  it('and is busy now and then has the same bytes in the end', async () => {
    proxy.next(/^POST .*uploads=/, slowDown);
    proxy.next(part(1), { kind: 'refuse', status: 500, code: 'InternalError' }, slowDown);
    proxy.next(part(3), { kind: 'refuse', status: 400, code: 'RequestTimeout' });
    proxy.next(/^POST .*uploadId=/, slowDown);
    await survives(body);
  }, 60_000);

  it('and resets connections has the same bytes in the end', async () => {
    proxy.next(part(1), { kind: 'reset', after: 0 }, { kind: 'reset', after: 5 * mebibyte });
    proxy.next(part(3), { kind: 'reset', after: 100_000 });
    await survives(body);
  }, 60_000);

  it('and whose answers are lost has the same bytes in the end, and no second object', async () => {
    proxy.next(part(2), { kind: 'lost' });
    proxy.next(/^POST .*uploadId=/, { kind: 'lost' });
    await survives(body);
  }, 60_000);

  it('and does all of that to a small file has the same bytes in the end', async () => {
    proxy.next(/^PUT /, slowDown, { kind: 'reset', after: 10 }, { kind: 'lost' });
    await survives(body.subarray(0, 100_000));
  });

  it('and goes on failing is asked five times, and the upload leaves nothing', async () => {
    proxy.next(part(1), slowDown, slowDown, slowDown, slowDown, slowDown);
    const { room, fileId, hopToken } = await start(body);
    expect(reasonOf(await data.put(fileId, hopToken, body))).toBe('UNAVAILABLE');
    expect(await remainsOf(world, room.id)).toMatchObject({ objects: [], unfinished: [], keys: [], usage: 0 });
  }, 60_000);

  it.each([
    ['has no room left', { kind: 'refuse', status: 507, code: 'XMinioStorageFull' }, 'STORE_FULL'],
    ['does not let us in', { kind: 'refuse', status: 403, code: 'AccessDenied' }, 'UNAVAILABLE'],
  ] as const)(
    'and %s is not asked again',
    async (_, fault, reason) => {
      const { room, fileId, hopToken } = await start(body);
      const before = proxy.seen.length;
      proxy.next(part(2), fault);
      expect(reasonOf(await data.put(fileId, hopToken, body))).toBe(reason);
      expect(proxy.seen.slice(before).filter((one) => part(2).test(one))).toHaveLength(1);
      expect(await remainsOf(world, room.id)).toMatchObject({ objects: [], unfinished: [], keys: [], usage: 0 });
    },
    60_000,
  );

  it('and breaks off a download goes on from where it stopped', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const fileId = await world.share(person, room.slug, body);
    const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    const before = proxy.seen.length;
    proxy.next(/^GET /, { kind: 'cut', after: 3 * mebibyte + 7 }, slowDown, { kind: 'cut', after: mebibyte });
    expect((await data.get(fileId, hopToken)).body.equals(body)).toBe(true);
    expect(proxy.seen.slice(before).filter((one) => one.startsWith('GET '))).toHaveLength(4);
  }, 60_000);
});

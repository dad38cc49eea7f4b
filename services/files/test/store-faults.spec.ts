import { randomBytes, randomUUID } from 'node:crypto';
import { SystemClock } from '@conclave/platform';
import { CallingThread, FileSealer } from '@conclave/sealing/node';
import { onFileEnd, randomName, testBucket } from '@conclave/testing';
import { S3ObjectStorage } from '../src/adapters/object-storage/s3-object-storage.js';
import { SignedClient } from '../src/adapters/object-storage/signed-client.js';
import { PartWriter } from '../src/content/part-writer.js';
import { wholeBytes, type ObjectStorage, type PartName } from '../src/objects/object-storage.js';
import { reasonOf } from './support/data-client.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { remainsOf } from './support/remains.js';
import { StoreProxy } from './support/store-proxy.js';

const mebibyte = 1024 * 1024;
const part = (number: number) => new RegExp(`^PUT .*partNumber=${number * 7}&`);
const slowDown = { kind: 'refuse', status: 503, code: 'SlowDown' } as const;
const never = new AbortController().signal;

describe('an object written to a store that fails on the way', () => {
  let proxy: StoreProxy;
  let storage: ObjectStorage;
  const plaintext = randomBytes(17 * mebibyte);

  beforeAll(async () => {
    const { store: _, bucket, endpoint, region, accessKey, secretKey } = await testBucket();
    proxy = await StoreProxy.before(endpoint);
    const access = { endpoint: proxy.endpoint, region, bucket, accessKey, secretKey, addressing: 'path' } as const;
    const client = new SignedClient(access, new SystemClock());
    onFileEnd(() => client.close());
    storage = new S3ObjectStorage(client);
    // At its first write it finds out what the store can do; nothing goes wrong with that.
    await storage.put(randomName(), wholeBytes(Buffer.of(1)), never);
  }, 60_000);
  afterEach(() => expect(proxy.left()).toBe(0));

  /** Seals and writes as an upload does; answers the sealed bytes and the object's key. */
  const write = async (): Promise<{ key: string; sealed: Buffer }> => {
    const key = randomName();
    const sealer = new FileSealer({
      engine: new CallingThread(),
      suite: '02',
      dek: randomBytes(32),
      fileId: randomUUID(),
      roomId: randomUUID(),
      plaintextLength: plaintext.length,
    });
    let uploadId: Promise<string> | undefined;
    const open = (): Promise<string> => (uploadId ??= storage.startParts(key, never));
    // As those of a resumed upload, numbers leave gaps.
    const ledger = { open, numberOf: (part: number) => part * 7 };
    const target = { key, partCount: sealer.partCount, ledger, streams: { ahead: 6 } };
    const parts = new PartWriter(storage, target, never, () => undefined);
    const names: PartName[] = [];
    const sealed: Buffer[] = [];
    try {
      for await (const run of sealer.runs(chunks(plaintext))) {
        sealed.push(Buffer.concat(run.bytes));
        await parts.write(run, async (stored) => void names.push(stored));
      }
      await parts.flush();
      await storage.completeParts(key, await open(), names, never);
    } finally {
      await parts.settle();
    }
    return { key, sealed: Buffer.concat(sealed) };
  };
  const survives = async (): Promise<void> => {
    const { key, sealed } = await write();
    const { objectLength, bytes } = await storage.read(key, 0, sealed.length, never);
    const stored: Uint8Array[] = [];
    for await (const chunk of bytes) stored.push(chunk);
    expect([objectLength, Buffer.concat(stored).equals(sealed)]).toEqual([sealed.length, true]);
    for await (const one of storage.listUnfinished()) throw new Error(`${one.key} is left`);
  };

  it('is whole when the store is busy now and then', async () => {
    proxy.next(/^POST .*uploads=/, slowDown);
    proxy.next(part(1), { kind: 'refuse', status: 500, code: 'InternalError' }, slowDown);
    proxy.next(part(3), { kind: 'refuse', status: 400, code: 'RequestTimeout' });
    proxy.next(/^POST .*uploadId=/, slowDown);
    await survives();
  }, 60_000);

  it('is whole when connections are reset', async () => {
    proxy.next(part(1), { kind: 'reset', after: 0 }, { kind: 'reset', after: 5 * mebibyte });
    proxy.next(part(3), { kind: 'reset', after: 100_000 });
    await survives();
  }, 60_000);

  it('is whole when answers are lost, and there once', async () => {
    proxy.next(part(2), { kind: 'lost' });
    proxy.next(/^POST .*uploadId=/, { kind: 'lost' });
    await survives();
  }, 60_000);

  it('is whole when bytes are damaged on the way: the store refuses them, and they are sent again', async () => {
    proxy.next(part(1), { kind: 'damage' });
    proxy.next(part(3), { kind: 'damage' });
    await survives();
  }, 60_000);

  it('is read to its end when the store breaks off', async () => {
    const { key, sealed } = await write();
    const before = proxy.seen.length;
    proxy.next(/^GET /, { kind: 'cut', after: 3 * mebibyte + 7 }, slowDown, { kind: 'cut', after: mebibyte });
    const read: Uint8Array[] = [];
    for await (const chunk of (await storage.read(key, 5, sealed.length, never)).bytes) read.push(chunk);
    expect(Buffer.concat(read).equals(sealed.subarray(5))).toBe(true);
    expect(proxy.seen.length - before).toBe(4);
  }, 60_000);

  it('fails when the store has refused five times', async () => {
    proxy.next(part(1), slowDown, slowDown, slowDown, slowDown, slowDown);
    await expect(write()).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
  }, 60_000);

  it.each([
    ['it has no room left', { kind: 'refuse', status: 507, code: 'XMinioStorageFull' }, 'STORE_FULL'],
    ['it does not let us in', { kind: 'refuse', status: 403, code: 'AccessDenied' }, 'UNAVAILABLE'],
  ] as const)(
    'fails at once when %s',
    async (_, fault, reason) => {
      const before = proxy.seen.length;
      proxy.next(part(2), fault);
      await expect(write()).rejects.toMatchObject({ reason });
      expect(proxy.seen.slice(before).filter((one) => part(2).test(one))).toHaveLength(1);
    },
    60_000,
  );
});

describe('a file shared through a store that fails on the way', () => {
  let world: FilesWorld;
  let proxy: StoreProxy;
  let data: FilesWorld['data'];
  const body = randomBytes(100_000);

  beforeAll(async () => {
    world = await filesWorld();
    proxy = await StoreProxy.before(world.bucket.endpoint);
    ({ data } = await world.boot({ config: { S3_ENDPOINT: proxy.endpoint } }));
    expect((await share(Buffer.of(1))).answer.status).toBe(201);
  }, 120_000);
  afterEach(() => expect(proxy.left()).toBe(0));

  const share = async (bytes: Buffer) => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const size = BigInt(bytes.length);
    const { fileId, hopToken } = await world.as(person).startUpload({ slug: room.slug, name: 'a', type: '', size });
    return { room, person, fileId, answer: await data.put(fileId, hopToken, bytes) };
  };

  it('is the same when it is downloaded', async () => {
    proxy.next(/^PUT /, slowDown, { kind: 'reset', after: 10 }, { kind: 'damage' }, { kind: 'lost' });
    const { room, person, fileId, answer } = await share(body);
    expect(answer.status).toBe(201);
    proxy.next(/^GET /, slowDown, { kind: 'cut', after: 70_000 });
    const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    expect((await data.get(fileId, hopToken)).body.equals(body)).toBe(true);
    expect((await remainsOf(world, room.id)).objects).toHaveLength(1);
  }, 60_000);

  it('is refused in a word of its own, and leaves nothing, when the store has no room left', async () => {
    proxy.next(/^PUT /, { kind: 'refuse', status: 507, code: 'InsufficientStorage' });
    const { room, answer } = await share(body);
    expect([answer.status, reasonOf(answer)]).toEqual([507, 'STORE_FULL']);
    expect(await remainsOf(world, room.id)).toMatchObject({ objects: [], unfinished: [], keys: [], usage: 0 });
  });
});

async function* chunks(bytes: Buffer): AsyncGenerator<Buffer, void> {
  for (let at = 0; at < bytes.length; at += mebibyte) yield Buffer.from(bytes.subarray(at, at + mebibyte));
}

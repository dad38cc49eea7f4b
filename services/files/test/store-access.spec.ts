import { randomBytes } from 'node:crypto';
import { runChecks, SystemClock } from '@conclave/platform';
import { onFileEnd, randomName, testBucket, testTlsStore, type TestBucket } from '@conclave/testing';
import { addressOf, type BucketAccess } from '../src/adapters/object-storage/bucket-access.js';
import { bucketCheck } from '../src/adapters/object-storage/bucket-preflight.js';
import { BucketRequests } from '../src/adapters/object-storage/bucket-requests.js';
import { findAbilities } from '../src/adapters/object-storage/find-abilities.js';
import { ListBucket } from '../src/adapters/object-storage/list-bucket.js';
import { S3ObjectStorage } from '../src/adapters/object-storage/s3-object-storage.js';
import { SignedClient } from '../src/adapters/object-storage/signed-client.js';
import { wholeBytes } from '../src/objects/object-storage.js';
import { StoreProxy } from './support/store-proxy.js';

const never = new AbortController().signal;

const clientOf = (access: BucketAccess): SignedClient => {
  const client = new SignedClient(access, new SystemClock());
  onFileEnd(() => client.close());
  return client;
};

const storageOf = (access: BucketAccess): S3ObjectStorage => new S3ObjectStorage(clientOf(access));

/** All that the product asks of a store, once. */
async function everything(access: BucketAccess): Promise<void> {
  const storage = storageOf(access);
  const key = randomName();
  const body = randomBytes(1000);
  await storage.put(key, wholeBytes(body), never);
  await expect(storage.put(key, wholeBytes(body), never)).rejects.toThrow(
    expect.objectContaining({ name: 'ObjectExists' }),
  );
  const { objectLength, bytes } = await storage.read(key, 10, 500, never);
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  expect([objectLength, Buffer.concat(chunks).equals(body.subarray(10, 500))]).toEqual([1000, true]);
  const uploadId = await storage.startParts(`${key}-parts`, never);
  const etag = await storage.putPart(`${key}-parts`, uploadId, 1, wholeBytes(body), never);
  const listed = await storage.listParts(`${key}-parts`, uploadId, never);
  expect(listed).toMatchObject([{ part: 1, length: 1000 }]);
  // A store may keep to itself what it was told of a part's checksum.
  expect(etag.startsWith(listed[0]?.etag ?? 'none')).toBe(true);
  const unfinished: string[] = [];
  for await (const one of storage.listUnfinished()) unfinished.push(one.key);
  expect(unfinished).toContain(`${key}-parts`);
  const names = listed.map((one) => ({ number: one.part, etag: one.etag }));
  await storage.completeParts(`${key}-parts`, uploadId, names, never);
  expect(await storage.exists(`${key}-parts`)).toBe(true);
  const second = await storage.startParts(`${key}-parts`, never);
  const part = await storage.putPart(`${key}-parts`, second, 1, wholeBytes(body), never);
  await expect(storage.completeParts(`${key}-parts`, second, [{ number: 1, etag: part }], never)).rejects.toThrow(
    expect.objectContaining({ name: 'ObjectExists' }),
  );
  await storage.remove(`${key}-parts`);
  await storage.remove(key);
  for await (const one of storage.list()) expect(one.key).not.toBe(key);
  expect(await storage.exists(key)).toBe(false);
  await expect(storage.listParts(`${key}-parts`, uploadId, never)).rejects.toThrow(
    expect.objectContaining({ name: 'ObjectMissing' }),
  );
}

const look = async (access: BucketAccess): Promise<string> => {
  let words = '';
  const config = {
    S3_ENDPOINT: access.endpoint,
    S3_REGION: access.region,
    S3_BUCKET: access.bucket,
    S3_ACCESS_KEY: access.accessKey,
    S3_SECRET_KEY: access.secretKey,
    S3_SESSION_TOKEN: access.sessionToken,
    S3_CA: access.ca,
    S3_ADDRESSING: access.addressing,
  };
  await runChecks([bucketCheck(config)], (result) => (words = result.words));
  return words;
};

describe('a store is reached', () => {
  let bucket: TestBucket;
  let access: BucketAccess;
  beforeAll(async () => {
    bucket = await testBucket();
    const { endpoint, region, accessKey, secretKey } = bucket;
    access = { endpoint, region, bucket: bucket.bucket, accessKey, secretKey, addressing: 'path' };
  }, 60_000);

  it('with the bucket in the path', () => everything(access));

  it('with the bucket in front of the name of the host', async () => {
    const virtual = {
      ...access,
      endpoint: bucket.endpoint.replace('127.0.0.1', 'localhost'),
      addressing: 'virtual',
    } as const;
    expect(addressOf(virtual).host).toMatch(/^files-\S+\.localhost:\d+$/);
    await everything(virtual);
    expect(await look(virtual)).toContain(`put, read, listed and deleted in bucket ${bucket.bucket}`);
  });

  it('with keys that were lent for a while, and not without their token', async () => {
    const keys = await bucket.lend();
    if (!keys) return; // the store of this run lends none
    const lent = { ...access, ...keys };
    await everything(lent);
    expect(await look(lent)).toContain('put, read, listed and deleted');
    expect(await look({ ...lent, sessionToken: undefined })).toContain('S3_SESSION_TOKEN: it is missing');
    expect(await look({ ...lent, sessionToken: `${lent.sessionToken}x` })).toContain('S3_SESSION_TOKEN');
  });
});

describe('what a store can do', () => {
  const abilitiesOf = (access: BucketAccess) => findAbilities(clientOf(access), never);
  let access: BucketAccess;
  let proxy: StoreProxy;
  beforeAll(async () => {
    const bucket = await testBucket();
    proxy = await StoreProxy.before(bucket.endpoint);
    const { region, accessKey, secretKey } = bucket;
    access = { endpoint: proxy.endpoint, region, bucket: bucket.bucket, accessKey, secretKey, addressing: 'path' };
  }, 60_000);
  afterEach(() => (proxy.unknown = []));

  it('is found out by trying, and nothing of that is kept', async () => {
    expect(await abilitiesOf(access)).toEqual({
      checksums: true,
      partChecksums: true,
      writeOnce: true,
      writeOnceParts: true,
    });
    for await (const one of storageOf(access).list()) throw new Error(`left: ${one.key}`);
    for await (const one of storageOf(access).listUnfinished()) throw new Error(`left: ${one.key}`);
  });

  it.each([
    [['x-amz-trailer'], { checksums: false, partChecksums: false, writeOnce: true, writeOnceParts: true }],
    [['x-amz-checksum-algorithm'], { checksums: true, partChecksums: false, writeOnce: true, writeOnceParts: true }],
    [['if-none-match'], { checksums: true, partChecksums: true, writeOnce: false, writeOnceParts: false }],
    [
      ['if-none-match', 'x-amz-trailer'],
      { checksums: false, partChecksums: false, writeOnce: false, writeOnceParts: false },
    ],
  ])(
    'that does not know %j is enough for all that is asked of it, and the preflight says what it lacks',
    async (unknown, found) => {
      proxy.unknown = unknown;
      expect(await abilitiesOf(access)).toEqual(found);
      await everything(access);
      const words = await look(access);
      expect(words).toContain('put, read, listed and deleted');
      expect(words.includes('CRC-32')).toBe(!found.partChecksums);
      expect(words.includes('If-None-Match')).toBe(!found.writeOnce);
    },
  );
});

describe('a bucket is listed', () => {
  let access: BucketAccess;
  let proxy: StoreProxy;
  beforeAll(async () => {
    const bucket = await testBucket();
    proxy = await StoreProxy.before(bucket.endpoint);
    const { region, accessKey, secretKey } = bucket;
    access = { endpoint: proxy.endpoint, region, bucket: bucket.bucket, accessKey, secretKey, addressing: 'path' };
  }, 60_000);
  afterEach(() => expect(proxy.left()).toBe(0));

  const uploadsPage = /^GET .*[?&]uploads\b/;
  const begin = async (storage: S3ObjectStorage, key: string, count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let at = 0; at < count; at += 1) ids.push(await storage.startParts(key, never));
    return ids;
  };
  const idsOf = async (writes: AsyncIterable<{ uploadId: string }>): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { uploadId } of writes) ids.push(uploadId);
    return ids;
  };

  it('a page after the other, with names as they are', async () => {
    const storage = storageOf(access);
    const keys = ['a & b', 'c <d>', `e "f" 'g'`, 'h+i', 'ö/ü'].map((name) => `${randomName()}/${name}`).sort();
    for (const key of keys) await storage.put(key, wholeBytes(Buffer.of(1, 2)), never);
    const pages = new ListBucket(new BucketRequests(clientOf(access)), 2);
    const listed: [string, number][] = [];
    for await (const { key, length, modifiedAt } of pages.objects()) {
      listed.push([key, length]);
      expect(modifiedAt.getFullYear()).toBeGreaterThan(2000);
    }
    expect(listed).toEqual(keys.map((key) => [key, 2]));
    for (const key of keys) await storage.remove(key);
    for await (const one of pages.objects()) throw new Error(`left: ${one.key}`);
  });

  it('although an unfinished write ends between two pages, and one between the answer and the next question', async () => {
    const storage = storageOf(access);
    const key = randomName();
    const ids = await begin(storage, key, 5);
    const pages = new ListBucket(new BucketRequests(clientOf(access)), 2);
    const [first, ...all] = await idsOf(pages.unfinished(key));
    expect([first, ...all].sort()).toEqual(ids.sort());
    proxy.next(uploadsPage, { kind: 'meanwhile', work: () => storage.abortParts(key, all.at(-1) ?? '') });
    expect(await idsOf(pages.unfinished(key))).toEqual([first, ...all.slice(0, -1)]);
    proxy.next(uploadsPage, { kind: 'meanwhile', work: () => storage.abortParts(key, first ?? '') });
    const before = proxy.seen.length;
    expect((await idsOf(storage.listUnfinished())).sort()).toEqual(ids.filter((id) => id !== all.at(-1)));
    // The listing and what ended the write: no question for each of them.
    expect(proxy.seen.length - before).toBe(2);
    await storage.remove(key);
    expect(await idsOf(storage.listUnfinished())).toEqual([]);
  });

  it('by the preflight as well, while an upload ends', async () => {
    const storage = storageOf(access);
    const key = `preflight/${randomName()}`;
    const [id = ''] = await begin(storage, key, 1);
    proxy.next(uploadsPage, { kind: 'meanwhile', work: () => storage.abortParts(key, id) });
    expect(await look(access)).toContain('put, read, listed and deleted');
  });
});

describe('a store behind a certificate of an authority of one’s own', () => {
  let access: BucketAccess;
  beforeAll(async () => {
    const { root, ca, ...where } = await testTlsStore();
    access = { ...where, ...root, ca, bucket: 'files', addressing: 'path' };
    const answer = await clientOf(access).send({ method: 'PUT', key: '', signal: never });
    await answer.body.dump();
    expect(answer.statusCode).toBe(200);
  }, 60_000);

  it('is believed where that certificate was given', () => everything(access));

  it('is not believed where it was not, and the preflight says what to give', async () => {
    expect(await look({ ...access, ca: undefined })).toContain('S3_CA_FILE');
    const storage = storageOf({ ...access, ca: undefined });
    await expect(storage.ready(never)).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
  });
});

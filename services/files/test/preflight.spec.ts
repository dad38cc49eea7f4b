import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from '@conclave/platform';
import { freePort, testBucket, type TestBucket } from '@conclave/testing';
import { bucketCheck } from '../src/adapters/object-storage/bucket-preflight.js';
import { filesWorld } from './support/files-world.js';

describe('the object store', () => {
  let bucket: TestBucket;
  beforeAll(async () => (bucket = await testBucket()));

  const look = async (change: Partial<Record<string, string>> = {}): Promise<{ ok: boolean; words: string }> => {
    let words = '';
    const config = {
      S3_ENDPOINT: bucket.endpoint,
      S3_REGION: bucket.region,
      S3_BUCKET: bucket.bucket,
      S3_ACCESS_KEY: bucket.accessKey,
      S3_SECRET_KEY: bucket.secretKey,
      S3_ADDRESSING: 'path' as const,
      ...change,
    };
    const ok = await runChecks([bucketCheck(config)], (result) => (words = result.words));
    return { ok, words };
  };

  it('is well with its own user, and keeps nothing of the probe', async () => {
    expect(await look()).toEqual({
      ok: true,
      words: `put, read, listed and deleted in bucket ${bucket.bucket}, and in no other`,
    });
    for await (const item of bucket.root.listObjectsV2(bucket.bucket, '', true)) throw new Error(JSON.stringify(item));
  });

  it('a user without rights in that bucket is told which ones are needed', async () => {
    const { ok, words } = await look({ S3_BUCKET: await bucket.foreignBucket() });
    expect(words).toMatch(/may not list bucket foreign-\S+; its policy needs .*PutObject/);
    expect(ok).toBe(false);
  });

  it('a wrong secret key', async () => {
    expect((await look({ S3_SECRET_KEY: 'x'.repeat(40) })).words).toContain('refuses S3_ACCESS_KEY and S3_SECRET_KEY');
  });

  it('a store that is not there', async () => {
    expect((await look({ S3_ENDPOINT: `http://127.0.0.1:${await freePort()}` })).words).toContain('cannot be reached');
  });

  it('a user who sees other buckets is refused', async () => {
    const foreign = await bucket.foreignBucket();
    // The store's own root may look everywhere.
    const root = bucket.root as unknown as { accessKey: string; secretKey: string };
    const { words } = await look({ S3_ACCESS_KEY: root.accessKey, S3_SECRET_KEY: root.secretKey });
    expect(words).toContain('may also look into bucket');
    expect(foreign).toMatch(/^foreign-/);
  });
});

it('another KEK under the same version stops the start in words, and the right one opens what was shared', async () => {
  const world = await filesWorld();
  const room = world.rooms.room();
  const person = world.inside(room);
  const body = randomBytes(1000);
  const fileId = await world.share(person, room.slug, body);

  const other = await mkdtemp(join(tmpdir(), 'conclave-kek-'));
  await writeFile(join(other, 'v1'), randomBytes(32).toString('base64'), { mode: 0o600 });
  await expect(world.boot({ config: { KEK_DIR: other } })).rejects.toThrow(
    'KEK v1 in KEK_DIR is not the key that the data was sealed with',
  );
  await rm(other, { recursive: true });

  const { data } = await world.boot();
  const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
  expect((await data.get(fileId, hopToken)).body.equals(body)).toBe(true);
}, 60_000);

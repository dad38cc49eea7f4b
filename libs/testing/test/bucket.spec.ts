import { s3Client, testBucket, type TestBucket } from '@conclave/testing';
import type { Client } from 'minio';

describe('a test bucket', () => {
  let bucket: TestBucket;
  let user: Client;
  beforeAll(async () => {
    bucket = await testBucket();
    user = s3Client(bucket.endpoint, bucket);
  }, 60_000);

  it('takes and gives objects', async () => {
    await user.putObject(bucket.bucket, 'a', 'sealed');
    const chunks: Buffer[] = [];
    for await (const chunk of await user.getObject(bucket.bucket, 'a')) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('sealed');
    await user.removeObject(bucket.bucket, 'a');
  });

  it('lets its user see no other bucket', async () => {
    const foreign = await bucket.foreignBucket();
    await bucket.root.putObject(foreign, 'a', 'not yours');
    await expect(user.getObject(foreign, 'a')).rejects.toThrow(/Access Denied/);
    await expect(user.putObject(foreign, 'b', 'x')).rejects.toThrow(/Access Denied/);
    expect(await user.listBuckets()).toEqual([expect.objectContaining({ name: bucket.bucket })]);
  });

  it('lets its user make no bucket and no policy', async () => {
    await expect(user.makeBucket('of-mine')).rejects.toThrow(/Access Denied/);
    await expect(user.setBucketPolicy(bucket.bucket, '{}')).rejects.toThrow(/Access Denied/);
  });

  it('refuses a wrong secret', async () => {
    const wrong = s3Client(bucket.endpoint, { accessKey: bucket.accessKey, secretKey: 'wrong-wrong' });
    await expect(wrong.putObject(bucket.bucket, 'a', 'x')).rejects.toThrow(/signature/);
  });
});

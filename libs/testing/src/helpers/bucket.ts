import { ensureBucket, ensureBucketUser, s3Region, type S3Credentials } from '@conclave/servers';
import { Client } from 'minio';
import { ask } from '../harness/ask.js';
import { onFileEnd } from '../harness/cleanup.js';
import { randomName, randomSecret } from '../harness/random.js';

/** A bucket of one's own. */
export interface TestBucket {
  /** As in S3_ENDPOINT, S3_REGION, S3_BUCKET, S3_ACCESS_KEY, S3_SECRET_KEY: a user that reaches this bucket and no other. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** A client that may do everything, to look at what really lies there. */
  readonly root: Client;
  /** Makes one more bucket that this user may not touch, and tells its name. */
  foreignBucket(): Promise<string>;
}

/** A client for an endpoint. */
export function s3Client(endpoint: string, credentials: S3Credentials): Client {
  const url = new URL(endpoint);
  return new Client({
    endPoint: url.hostname,
    port: Number(url.port),
    useSSL: url.protocol === 'https:',
    region: s3Region,
    ...credentials,
  });
}

async function remove(root: Client, bucket: string): Promise<void> {
  const names: string[] = [];
  for await (const item of root.listObjectsV2(bucket, '', true)) {
    const { name } = item as { name?: string };
    if (name) names.push(name);
  }
  if (names.length > 0) await root.removeObjects(bucket, names);
  await root.removeBucket(bucket);
}

/** Makes an empty bucket and a user with the product's own policy. Both are removed after the file. */
export async function testBucket(): Promise<TestBucket> {
  const facts = await ask('minio');
  const root = s3Client(facts.endpoint, facts.root);
  const bucket = `files-${randomName()}`;
  const user = { accessKey: `user-${randomName()}`, secretKey: randomSecret() };
  await ensureBucket(facts, bucket);
  await ensureBucketUser(facts, bucket, user);
  onFileEnd(() => remove(root, bucket));
  return {
    endpoint: facts.endpoint,
    region: s3Region,
    bucket,
    ...user,
    root,
    foreignBucket: async () => {
      const foreign = `foreign-${randomName()}`;
      await ensureBucket(facts, foreign);
      onFileEnd(() => remove(root, foreign));
      return foreign;
    },
  };
}

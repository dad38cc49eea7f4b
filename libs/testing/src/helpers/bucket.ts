import {
  ensureBucket,
  ensureBucketUser,
  ensureSeaweedUser,
  s3Region,
  signV4,
  type S3Credentials,
} from '@conclave/servers';
import { Client } from 'minio';
import { onFileEnd } from '../harness/cleanup.js';
import { randomName, randomSecret } from '../harness/random.js';
import { testStore, type TestStore } from './store.js';

/** A bucket of one's own. */
export interface TestBucket {
  /** What keeps it. */
  readonly store: TestStore;
  /** As in S3_ENDPOINT, S3_REGION, S3_BUCKET, S3_ACCESS_KEY, S3_SECRET_KEY: a user that reaches this bucket and no other. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** A client that may do everything, to look at what really lies there. */
  readonly root: Client;
  /** Keys that this user was lent for an hour; undefined at a store that lends none. */
  lend(): Promise<(S3Credentials & { readonly sessionToken: string }) | undefined>;
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

/** Keys of what is being written in parts. The parts themselves are not asked for, as `listIncompleteUploads` does: one that ends meanwhile would be an error. */
export async function unfinishedUploads(client: Client, bucket: string, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for (let after = ''; ;) {
    const page = await client.listIncompleteUploadsQuery(bucket, prefix, after, '', '');
    keys.push(...page.uploads.map(({ key }) => key));
    if (!page.isTruncated || page.nextKeyMarker === after) return keys;
    after = page.nextKeyMarker;
  }
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

/** A user of one bucket. At a store that was given nobody can make one: it is the one that was given with it. */
async function userOf(store: TestStore, bucket: string): Promise<S3Credentials> {
  if (store.kind === 'given') return store.root;
  if (store.kind === 'seaweedfs') return ensureSeaweedUser(store, bucket, `user-${randomName()}`);
  const user = { accessKey: `user-${randomName()}`, secretKey: randomSecret() };
  await ensureBucketUser(store, bucket, user);
  return user;
}

/** What the store's own STS lends to one of its users. */
async function assumeRole(
  endpoint: string,
  user: S3Credentials,
): Promise<S3Credentials & { readonly sessionToken: string }> {
  const body = 'Action=AssumeRole&Version=2011-06-15&DurationSeconds=3600';
  const url = new URL('/', endpoint);
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const request = { method: 'POST', url, body: Buffer.from(body), region: s3Region, service: 'sts', headers: type };
  const answer = await (await fetch(url, { method: 'POST', headers: signV4(user, request), body })).text();
  const part = (name: string): string => new RegExp(`<${name}>([^<]+)</${name}>`).exec(answer)?.[1] ?? '';
  return { accessKey: part('AccessKeyId'), secretKey: part('SecretAccessKey'), sessionToken: part('SessionToken') };
}

/** Makes an empty bucket and a user with the product's own policy. Both are removed after the file. */
export async function testBucket(): Promise<TestBucket> {
  const store = await testStore();
  const { endpoint, region } = store;
  const root = s3Client(endpoint, store.root);
  const bucket = `files-${randomName()}`;
  await ensureBucket(store, bucket);
  const user = await userOf(store, bucket);
  onFileEnd(() => remove(root, bucket));
  return {
    store,
    endpoint,
    region,
    bucket,
    ...user,
    root,
    lend: () => (store.kind === 'minio' ? assumeRole(endpoint, user) : Promise.resolve(undefined)),
    foreignBucket: async () => {
      const foreign = `foreign-${randomName()}`;
      await ensureBucket(store, foreign);
      onFileEnd(() => remove(root, foreign));
      return foreign;
    },
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBucket, ensureBucketUser, findServer, freePort, s3Region, startMinio } from '@conclave/servers';
import { onFileEnd } from '../harness/cleanup.js';
import { randomSecret } from '../harness/random.js';
import { s3Client, unfinishedUploads } from './bucket.js';

const bucket = 'files';

/** A store of one's own that can be killed. */
export interface MortalStore {
  /** As in S3_ENDPOINT, S3_REGION, S3_BUCKET, S3_ACCESS_KEY, S3_SECRET_KEY. */
  readonly environment: Readonly<Record<string, string>>;
  /** As a power cut would; it answers again, with what it had, when this resolves. */
  crash(): Promise<void>;
  /** Objects and unfinished writes that lie there. */
  contents(): Promise<{ readonly objects: readonly string[]; readonly unfinished: readonly string[] }>;
}

/** Starts one, with a bucket and its user. It ends with the file. */
export async function mortalStore(): Promise<MortalStore> {
  const folder = await mkdtemp(join(tmpdir(), 'conclave-store-'));
  const options = {
    binary: await findServer('minio'),
    dataFolder: join(folder, 'data'),
    port: await freePort(),
    root: { accessKey: 'root-of-spec', secretKey: randomSecret() },
  };
  let running = await startMinio(options);
  onFileEnd(async () => {
    await running.process.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const user = { accessKey: 'files', secretKey: randomSecret() };
  await ensureBucket(running, bucket);
  await ensureBucketUser(running, bucket, user);
  const client = s3Client(running.endpoint, options.root);
  return {
    environment: {
      S3_ENDPOINT: running.endpoint,
      S3_REGION: s3Region,
      S3_BUCKET: bucket,
      S3_ACCESS_KEY: user.accessKey,
      S3_SECRET_KEY: user.secretKey,
    },
    crash: async () => {
      process.kill(running.process.pid, 'SIGKILL');
      await running.process.stop();
      running = await startMinio(options);
    },
    contents: async () => {
      const objects: string[] = [];
      for await (const item of client.listObjectsV2(bucket, '', true)) objects.push((item as { name: string }).name);
      return { objects, unfinished: await unfinishedUploads(client, bucket) };
    },
  };
}

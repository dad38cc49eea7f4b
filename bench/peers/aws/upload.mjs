/**
 * The peer of F4: bytes through one cipher and one HMAC of Node's, and to the store with @aws-sdk/lib-storage, parts of 8 MiB, two at
 * a time. A process of its own; each message is a size, each answer says that it is stored.
 */
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

const { S3_ENDPOINT: endpoint, S3_REGION: region, S3_BUCKET: Bucket } = process.env;
const credentials = { accessKeyId: process.env.S3_ACCESS_KEY, secretAccessKey: process.env.S3_SECRET_KEY };
const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
const chunk = randomBytes(256 * 1024);

function* chunks(bytes) {
  for (let left = bytes; left > 0; left -= chunk.length) yield left < chunk.length ? chunk.subarray(0, left) : chunk;
}

process.on('message', async (bytes) => {
  const Key = randomBytes(24).toString('hex');
  const hmac = createHmac('sha256', randomBytes(32));
  const sealed = Readable.from(chunks(bytes)).pipe(createCipheriv('aes-256-cbc', randomBytes(32), randomBytes(16)));
  sealed.on('data', (part) => hmac.update(part));
  const Body = sealed.pipe(new PassThrough());
  await new Upload({ client, params: { Bucket, Key, Body }, partSize: 8 * 1024 * 1024, queueSize: 2 }).done();
  hmac.digest();
  await client.send(new DeleteObjectCommand({ Bucket, Key }));
  process.send('stored');
});
process.on('disconnect', () => process.exit(0));

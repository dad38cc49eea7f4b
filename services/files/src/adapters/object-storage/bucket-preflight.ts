import { randomUUID } from 'node:crypto';
import { OperatorError, SystemClock, type PreflightCheck } from '@conclave/platform';
import type { Client } from 'minio';
import { findAbilities } from './find-abilities.js';
import { SignedClient } from './signed-client.js';
import { minioClient } from './bucket-access.js';
import { bucketOf, type BucketConfig } from '../../config.js';

/** Probe objects lie under a prefix that no file has; the sweeper removes what a broken probe leaves. */
const prefix = 'preflight/';

/** Whether this user may put, read, list and delete in its bucket, and looks into no other. */
export const bucketCheck = (config: BucketConfig): PreflightCheck => ({
  name: 'object store',
  run: async () => {
    const { S3_BUCKET: bucket } = config;
    const client = minioClient(bucketOf(config));
    const key = `${prefix}${randomUUID()}`;
    const body = Buffer.from(randomUUID());
    const may = (what: string, work: Promise<unknown>): Promise<unknown> =>
      work.catch((cause: unknown) => {
        throw new OperatorError(whyNot(what, config, cause), { cause });
      });
    await may('list', firstOf(client, bucket, prefix));
    await may('put objects into', client.putObject(bucket, key, body, body.length));
    try {
      const read = (await may('read objects of', readAll(client, bucket, key))) as Buffer;
      if (!read.equals(body)) throw new OperatorError(`bucket ${bucket} gives back other bytes than were put into it.`);
      await may('list uploads of', client.listIncompleteUploadsQuery(bucket, prefix, '', '', ''));
    } finally {
      await may('delete objects of', client.removeObject(bucket, key));
    }
    await requireOnlyItsOwn(client, bucket);
    return [`put, read, listed and deleted in bucket ${bucket}, and in no other`, ...(await lacking(config))].join(
      '; ',
    );
  },
});

/** What this store cannot do, and what that means here. */
async function lacking(config: BucketConfig): Promise<string[]> {
  const signed = new SignedClient(bucketOf(config), new SystemClock());
  try {
    const { checksums, partChecksums, writeOnce, writeOnceParts } = await findAbilities(
      signed,
      AbortSignal.timeout(30_000),
    );
    return [
      ...(checksums && partChecksums
        ? []
        : ['it checks no CRC-32: what is damaged on its way there is found when it is read, not before']),
      ...(writeOnce && writeOnceParts
        ? []
        : [
            'it does not refuse a second object of one key (If-None-Match): files asks before it writes, and its keys are random',
          ]),
    ];
  } finally {
    await signed.close();
  }
}

async function firstOf(client: Client, bucket: string, from = ''): Promise<void> {
  for await (const _ of client.listObjectsV2(bucket, from, true)) return;
}

async function readAll(client: Client, bucket: string, key: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await client.getObject(bucket, key)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A user who may list buckets at all is asked whether the others are closed to it. */
async function requireOnlyItsOwn(client: Client, own: string): Promise<void> {
  const buckets = await client.listBuckets().catch(() => []);
  for (const { name } of buckets.filter((bucket) => bucket.name !== own).slice(0, 5)) {
    const open = await firstOf(client, name).then(
      () => true,
      () => false,
    );
    if (open) {
      throw new OperatorError(
        `this S3 user may also look into bucket ${name}; give files a user of its own whose policy names ${own} alone.`,
      );
    }
  }
}

function whyNot(what: string, { S3_ENDPOINT, S3_BUCKET }: BucketConfig, cause: unknown): string {
  const { code, name } = cause as { code?: string; name?: string };
  switch (code ?? name) {
    case 'AccessDenied':
      return `this S3 user may not ${what} bucket ${S3_BUCKET}; its policy needs GetBucketLocation, ListBucket, ListBucketMultipartUploads, PutObject, GetObject, DeleteObject, AbortMultipartUpload and ListMultipartUploadParts.`;
    case 'NoSuchBucket':
      return `there is no bucket ${S3_BUCKET} at ${S3_ENDPOINT}; make it, or mend S3_BUCKET.`;
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
      return `the object store at ${S3_ENDPOINT} refuses S3_ACCESS_KEY and S3_SECRET_KEY; they must be a user's there.`;
    case 'InvalidTokenId':
    case 'InvalidToken':
    case 'ExpiredToken':
      return `the object store at ${S3_ENDPOINT} refuses S3_SESSION_TOKEN: it is missing, over, or of other keys.`;
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return `the certificate of the object store at ${S3_ENDPOINT} is of no authority that is believed here; give that authority's in S3_CA_FILE.`;
    case 'CERT_HAS_EXPIRED':
      return `the certificate of the object store at ${S3_ENDPOINT} has expired.`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the certificate of the object store at ${S3_ENDPOINT} is for another name; mend S3_ENDPOINT, or with S3_ADDRESSING=virtual let it be one for every bucket.`;
    case 'RequestTimeTooSkewed':
      return `the object store at ${S3_ENDPOINT} refuses us because the clocks differ; let both follow the same time servers.`;
    default:
      return `the object store at ${S3_ENDPOINT} cannot be reached (${code ?? 'no answer'}); check host, port, firewall and NetworkPolicy.`;
  }
}

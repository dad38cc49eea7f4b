import { adminSeal } from './admin-seal.js';
import { signV4, type S3Credentials } from './sigv4.js';

/** Where MinIO listens and who rules it. */
export interface MinioRoot {
  readonly endpoint: string;
  readonly root: S3Credentials;
}

/** Region that requests are signed for. */
export const s3Region = 'us-east-1';

async function send(minio: MinioRoot, method: string, path: string, body: string | Uint8Array = ''): Promise<Response> {
  const url = new URL(path, minio.endpoint);
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const headers = signV4(minio.root, { method, url, body: bytes, region: s3Region });
  return fetch(url, { method, headers, ...(bytes.length > 0 ? { body: Buffer.from(bytes) } : {}) });
}

async function must(minio: MinioRoot, method: string, path: string, body?: string | Uint8Array): Promise<void> {
  const response = await send(minio, method, path, body);
  const answer = await response.text();
  if (!response.ok) throw new Error(`MinIO answered ${response.status} to ${method} ${path.split('?')[0]}: ${answer}`);
}

/** Makes a bucket where it is not there. */
export async function ensureBucket(minio: MinioRoot, bucket: string): Promise<void> {
  const there = await send(minio, 'HEAD', `/${bucket}`);
  if (there.status === 200) return;
  const made = await send(minio, 'PUT', `/${bucket}`);
  const answer = await made.text();
  if (!made.ok && !answer.includes('BucketAlreadyOwnedByYou')) {
    throw new Error(`MinIO answered ${made.status} to making bucket ${bucket}: ${answer}`);
  }
}

/** What a user of one bucket may do: its objects and their uploads, and see that the bucket is there. Nothing about other buckets. */
export function bucketPolicy(bucket: string): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        Resource: [`arn:aws:s3:::${bucket}`],
      },
      {
        Effect: 'Allow',
        Action: [
          's3:PutObject',
          's3:GetObject',
          's3:DeleteObject',
          's3:AbortMultipartUpload',
          's3:ListMultipartUploadParts',
        ],
        Resource: [`arn:aws:s3:::${bucket}/*`],
      },
    ],
  };
}

/** Makes a user, or gives the one that is there this secret, and lets it touch one bucket and nothing else. */
export async function ensureBucketUser(minio: MinioRoot, bucket: string, user: S3Credentials): Promise<void> {
  const admin = '/minio/admin/v3';
  const policy = `bucket-${bucket}`;
  await must(minio, 'PUT', `${admin}/add-canned-policy?name=${policy}`, JSON.stringify(bucketPolicy(bucket)));
  const account = new TextEncoder().encode(JSON.stringify({ secretKey: user.secretKey, status: 'enabled' }));
  const sealed = adminSeal(minio.root.secretKey, account);
  await must(minio, 'PUT', `${admin}/add-user?accessKey=${encodeURIComponent(user.accessKey)}`, sealed);
  const attach = new URLSearchParams({ policyName: policy, userOrGroup: user.accessKey, isGroup: 'false' });
  await must(minio, 'PUT', `${admin}/set-user-or-group-policy?${attach}`);
}

import { bucketPolicy, s3Region, type MinioRoot } from '../minio/provision.js';
import { signV4, type S3Credentials } from '../minio/sigv4.js';

/** One call of the IAM door, which SeaweedFS has in front of its S3. */
async function iam(store: MinioRoot, fields: Readonly<Record<string, string>>): Promise<string> {
  const url = new URL('/', store.endpoint);
  const body = new TextEncoder().encode(new URLSearchParams({ Version: '2010-05-08', ...fields }).toString());
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const headers = signV4(store.root, { method: 'POST', url, body, region: s3Region, service: 'iam', headers: type });
  const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(body) });
  const answer = await response.text();
  if (!response.ok) throw new Error(`SeaweedFS answered ${response.status} to ${fields['Action']}: ${answer}`);
  return answer;
}

/** Makes a user who may touch one bucket and nothing else, under the same policy as at MinIO. The store chooses its keys. */
export async function ensureSeaweedUser(store: MinioRoot, bucket: string, name: string): Promise<S3Credentials> {
  await iam(store, { Action: 'CreateUser', UserName: name });
  const policy = JSON.stringify(bucketPolicy(bucket));
  await iam(store, { Action: 'PutUserPolicy', UserName: name, PolicyName: bucket, PolicyDocument: policy });
  const answer = await iam(store, { Action: 'CreateAccessKey', UserName: name });
  const part = (tag: string): string => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(answer)?.[1] ?? '';
  return { accessKey: part('AccessKeyId'), secretKey: part('SecretAccessKey') };
}

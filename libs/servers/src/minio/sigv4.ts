import { createHash, createHmac } from 'node:crypto';

/** Who signs. */
export interface S3Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** What is signed. */
export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: Uint8Array;
  readonly region: string;
  readonly at?: Date;
}

const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string): Buffer => createHmac('sha256', key).update(data).digest();
const encode = (value: string): string =>
  encodeURIComponent(value).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** The headers of AWS Signature Version 4. Enough for provisioning: small bodies, no extra headers. */
export function signV4(credentials: S3Credentials, request: SignedRequest): Record<string, string> {
  const { method, url, body, region } = request;
  const stamp = (request.at ?? new Date()).toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${stamp.slice(0, 8)}/${region}/s3/aws4_request`;
  const headers: Record<string, string> = {
    host: url.host,
    'x-amz-content-sha256': sha256(body),
    'x-amz-date': stamp,
  };
  const names = Object.keys(headers).sort();
  const query = [...url.searchParams]
    .map(([key, value]) => `${encode(key)}=${encode(value)}`)
    .sort()
    .join('&');
  const canonical = [
    method,
    url.pathname,
    query,
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    headers['x-amz-content-sha256'],
  ].join('\n');
  const key = ['s3', 'aws4_request'].reduce<Buffer>(
    (previous, part) => hmac(previous, part),
    hmac(hmac(`AWS4${credentials.secretKey}`, stamp.slice(0, 8)), region),
  );
  const signature = hmac(key, ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical)].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKey}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...headers, authorization };
}

import { createHash } from 'node:crypto';
import aws4 from 'aws4';

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
  /** `s3` where it is left out. */
  readonly service?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly at?: Date;
}

/** The headers of AWS Signature Version 4. Enough for provisioning: small bodies. */
export function signV4(credentials: S3Credentials, request: SignedRequest): Record<string, string> {
  const { method, url, body, region, service = 's3', at = new Date() } = request;
  const { headers } = aws4.sign(
    {
      method,
      service,
      region,
      path: `${url.pathname}${url.search}`,
      headers: {
        ...request.headers,
        host: url.host,
        'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
        'x-amz-date': at.toISOString().replace(/[-:]|\.\d+/g, ''),
      },
    },
    { accessKeyId: credentials.accessKey, secretAccessKey: credentials.secretKey },
  );
  const { Authorization: authorization, ...others } = headers as Record<string, string>;
  return { ...others, authorization: authorization ?? '' };
}

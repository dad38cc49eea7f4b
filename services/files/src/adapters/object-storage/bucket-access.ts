import { lookup } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Client } from 'minio';
import { percentEncode, type SigningIdentity } from './sigv4.js';

/** Where the bucket is, how it is reached and who we are there. */
export interface BucketAccess extends SigningIdentity {
  /** `http://127.0.0.1:9000`. */
  readonly endpoint: string;
  readonly bucket: string;
  /** Whether the bucket is in the path, which works with every S3, or in front of the host's name. */
  readonly addressing: 'path' | 'virtual';
  /** Certificates (PEM) of the authorities that are believed here, in place of all others. */
  readonly ca?: string | undefined;
}

/** Where one bucket is on the wire. */
export interface BucketAddress {
  readonly origin: string;
  readonly host: string;
  /** Address of an object, percent-encoded. */
  path(key: string): string;
}

export function addressOf({ endpoint, bucket, addressing }: BucketAccess): BucketAddress {
  const { protocol, host } = new URL(endpoint);
  const path = (key: string): string => `/${key.split('/').map(percentEncode).join('/')}`;
  if (addressing === 'path')
    return { origin: `${protocol}//${host}`, host, path: (key) => `/${percentEncode(bucket)}${path(key)}` };
  return { origin: `${protocol}//${bucket}.${host}`, host: `${bucket}.${host}`, path };
}

/** Names under localhost are this machine (RFC 6761), whatever the resolver knows of them. */
const lookUp: LookupFunction = (hostname, options, callback) =>
  lookup(hostname.endsWith('.localhost') ? 'localhost' : hostname, options, callback);

/** How connections are made, and whom they believe. */
export const connecting = ({ ca }: BucketAccess): { lookup: LookupFunction; ca?: string } => ({
  lookup: lookUp,
  ...(ca && { ca }),
});

/** The `minio` package under the same settings, for the preflight, which looks at other buckets too. */
export function minioClient(access: BucketAccess): Client {
  const { endpoint, addressing, sessionToken } = access;
  const { hostname, port, protocol } = new URL(endpoint);
  const useSSL = protocol === 'https:';
  const options = { ...connecting(access), keepAlive: true };
  return new Client({
    endPoint: hostname,
    ...(port && { port: Number(port) }),
    useSSL,
    accessKey: access.accessKey,
    secretKey: access.secretKey,
    ...(sessionToken && { sessionToken }),
    region: access.region,
    pathStyle: addressing === 'path',
    transportAgent: useSSL ? new HttpsAgent(options) : new HttpAgent(options),
  });
}

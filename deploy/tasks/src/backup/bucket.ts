import { Agent } from 'node:https';
import type { Readable } from 'node:stream';
import { OperatorError } from '@conclave/platform';
import { Client } from 'minio';
import { DigestTap, type Sums } from './digest.js';
import type { PartStore } from './store.js';

/** How to reach a bucket. */
export interface BucketAccess {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Of keys that were lent for a while (STS). */
  readonly sessionToken?: string | undefined;
  /** Certificates of the authorities that are believed here, in place of all others. */
  readonly ca?: string | undefined;
  /** Whether the bucket is in the path, or in front of the host's name. */
  readonly addressing?: 'path' | 'virtual';
  /** Put in front of every name; empty, or ending in a slash. */
  readonly prefix?: string;
}

/** Small enough for a pod's memory, and 10,000 of them are more than the largest file. */
const partSize = 16 * 1024 * 1024;

/** A bucket: the product's own, or one for backups. */
export class BucketStore implements PartStore {
  readonly where: string;
  private readonly client: Client;
  private readonly bucket: string;
  private readonly prefix: string;

  constructor(access: BucketAccess) {
    const { endpoint, region, bucket, accessKey, secretKey, sessionToken, ca } = access;
    const { addressing = 'path', prefix = '' } = access;
    const { hostname, port, protocol } = new URL(endpoint);
    this.client = new Client({
      endPoint: hostname,
      ...(port && { port: Number(port) }),
      useSSL: protocol === 'https:',
      accessKey,
      secretKey,
      region,
      partSize,
      pathStyle: addressing === 'path',
      ...(sessionToken && { sessionToken }),
      ...(ca && { transportAgent: new Agent({ ca, keepAlive: true }) }),
    });
    this.bucket = bucket;
    this.prefix = prefix;
    this.where = `bucket ${bucket} at ${endpoint}`;
  }

  fullName(name: string): string {
    return this.prefix + name;
  }

  async put(name: string, content: Readable, length?: number): Promise<Sums> {
    const tap = new DigestTap();
    content.on('error', (error) => tap.destroy(error));
    await this.ask(() => this.client.putObject(this.bucket, this.fullName(name), content.pipe(tap), length));
    return tap.digest;
  }

  get(name: string): Promise<Readable> {
    return this.ask(() => this.client.getObject(this.bucket, this.fullName(name)));
  }

  async size(name: string): Promise<number | null> {
    try {
      return (await this.client.statObject(this.bucket, this.fullName(name))).size;
    } catch (error) {
      if (['NotFound', 'NoSuchKey'].includes(codeOf(error))) return null;
      throw this.refused(error);
    }
  }

  async *list(prefix: string): AsyncIterable<string> {
    try {
      for await (const item of this.client.listObjectsV2(this.bucket, this.prefix + prefix, true)) {
        const { name } = item as { name?: string };
        if (name) yield name.slice(this.prefix.length);
      }
    } catch (error) {
      throw this.refused(error);
    }
  }

  async remove(name: string): Promise<void> {
    await this.ask(() => this.client.removeObject(this.bucket, this.fullName(name)));
  }

  private async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.refused(error);
    }
  }

  private refused(cause: unknown): unknown {
    if (cause instanceof OperatorError) return cause;
    return new OperatorError(`${this.where} ${whyNot(codeOf(cause))}`, { cause });
  }
}

/** What a store's own word means to whoever runs it; a library's message may quote a secret, its code does not. */
function whyNot(code: string): string {
  switch (code) {
    case 'AccessDenied':
      return 'refused (AccessDenied): its user needs GetBucketLocation, ListBucket, ListBucketMultipartUploads, PutObject, GetObject, DeleteObject, AbortMultipartUpload and ListMultipartUploadParts there.';
    case 'NoSuchBucket':
      return 'is not there (NoSuchBucket): make it, or mend its name.';
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
      return `refused (${code}): access key and secret key must be a user's there.`;
    case 'RequestTimeTooSkewed':
      return 'refused (RequestTimeTooSkewed): let both clocks follow the same time servers.';
    default:
      return `cannot be reached or does not answer as S3 does (${code || 'no answer'}): check address, port, firewall and NetworkPolicy.`;
  }
}

const codeOf = (error: unknown): string => {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return String(code ?? name ?? '');
};

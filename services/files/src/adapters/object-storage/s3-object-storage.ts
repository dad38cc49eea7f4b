import { DomainError } from '@conclave/errors';
import { Client } from 'minio';
import type { Dispatcher } from 'undici';
import {
  ObjectExists,
  ObjectMissing,
  ObjectStorage,
  type ByteStream,
  type ObjectRead,
  type StoredObject,
} from '../../objects/object-storage.js';
import type { BucketAccess, SignedClient } from './signed-client.js';

const never = new AbortController().signal;

/** The bucket over S3: a thin signed client on the hot path, the `minio` package for listing and removal. */
export class S3ObjectStorage extends ObjectStorage {
  private readonly minio: Client;

  constructor(
    private readonly access: BucketAccess,
    private readonly client: SignedClient,
  ) {
    super();
    const { hostname, port, protocol } = new URL(access.endpoint);
    this.minio = new Client({
      endPoint: hostname,
      ...(port && { port: Number(port) }),
      useSSL: protocol === 'https:',
      accessKey: access.accessKey,
      secretKey: access.secretKey,
      region: access.region,
    });
  }

  async put(key: string, length: number, bytes: Iterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    const headers = { 'if-none-match': '*', 'content-type': 'application/octet-stream' };
    await done(await this.client.send({ method: 'PUT', key, headers, body: { length, bytes }, signal }));
  }

  async startParts(key: string, signal: AbortSignal): Promise<string> {
    const headers = { 'content-type': 'application/octet-stream' };
    const answer = await done(await this.client.send({ method: 'POST', key, query: { uploads: '' }, headers, signal }));
    const id = /<UploadId>([^<]+)<\/UploadId>/.exec(answer)?.[1];
    if (!id) throw new DomainError('UNAVAILABLE', { message: 'object store gave no upload id' });
    return id;
  }

  async putPart(
    key: string,
    uploadId: string,
    part: number,
    length: number,
    bytes: Iterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<string> {
    const query = { partNumber: String(part), uploadId };
    const response = await this.client.send({ method: 'PUT', key, query, body: { length, bytes }, signal });
    await done(response);
    const etag = response.headers['etag'];
    if (typeof etag !== 'string') throw new DomainError('UNAVAILABLE', { message: 'object store gave no etag' });
    return etag;
  }

  async completeParts(key: string, uploadId: string, etags: readonly string[], signal: AbortSignal): Promise<void> {
    const parts = etags.map((etag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${etag}</ETag></Part>`);
    const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
    const answer = await done(
      await this.client.send({
        method: 'POST',
        key,
        query: { uploadId },
        headers: { 'if-none-match': '*' },
        body: { length: Buffer.byteLength(body), bytes: [Buffer.from(body)] },
        signal,
      }),
    );
    // S3 may answer 200 first and find out later that it failed.
    if (answer.includes('<Error>'))
      throw new DomainError('UNAVAILABLE', { message: 'object store did not complete the parts' });
  }

  async read(key: string, start: number, end: number, signal: AbortSignal): Promise<ObjectRead> {
    const headers = { range: `bytes=${start}-${end - 1}` };
    const response = await this.client.send({ method: 'GET', key, headers, signal });
    // 416: the object is shorter than where we start, which only a change behind our back can do.
    const objectLength = Number(/\/(\d+)$/.exec(String(response.headers['content-range'] ?? ''))?.[1] ?? -1);
    if (response.statusCode === 206) return { objectLength, bytes: readable(response, signal) };
    await done(response, [416]);
    return { objectLength, bytes: nothing() };
  }

  async exists(key: string): Promise<boolean> {
    const response = await this.client.send({ method: 'HEAD', key, signal: AbortSignal.timeout(10_000) });
    await response.body.dump();
    if (response.statusCode === 404) return false;
    if (response.statusCode !== 200) throw refused(response.statusCode, '');
    return true;
  }

  async remove(key: string): Promise<void> {
    await this.asStore(async () => {
      for await (const { key: found, uploadId } of this.unfinished(key)) {
        if (found === key) await this.abort(key, uploadId);
      }
      await this.minio.removeObject(this.access.bucket, key);
    });
  }

  async *list(): AsyncIterable<StoredObject> {
    for await (const item of this.minio.listObjectsV2(this.access.bucket, '', true)) {
      const { name, size, lastModified } = item as { name?: string; size?: number; lastModified?: Date };
      if (name) yield { key: name, length: size ?? 0, modifiedAt: lastModified ?? new Date(0) };
    }
  }

  async *listUnfinished(): AsyncIterable<{ key: string; startedAt: Date }> {
    yield* this.unfinished('');
  }

  async ready(signal: AbortSignal): Promise<void> {
    // Any key will do: a signed 404 proves endpoint, bucket and credentials; a missing bucket answers 404 without being ours.
    const response = await this.client.send({
      method: 'GET',
      key: '',
      query: { 'list-type': '2', 'max-keys': '1' },
      signal,
    });
    await done(response);
  }

  private async *unfinished(prefix: string): AsyncIterable<{ key: string; uploadId: string; startedAt: Date }> {
    for await (const item of this.minio.listIncompleteUploads(this.access.bucket, prefix, true)) {
      const { key, uploadId, initiated } = item as { key?: string; uploadId?: string; initiated?: Date };
      if (key && uploadId) yield { key, uploadId, startedAt: new Date(initiated ?? 0) };
    }
  }

  private async abort(key: string, uploadId: string): Promise<void> {
    await done(await this.client.send({ method: 'DELETE', key, query: { uploadId }, signal: never }), [404]);
  }

  private async asStore<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw cause instanceof DomainError
        ? cause
        : new DomainError('UNAVAILABLE', { cause, message: 'object store failed' });
    }
  }
}

/** Reads a short answer to its end; a refusal becomes its fact. */
async function done(response: Dispatcher.ResponseData, fine: readonly number[] = []): Promise<string> {
  const text = await response.body.text();
  const { statusCode } = response;
  if (statusCode < 300 || fine.includes(statusCode)) return text;
  const code = /<Code>([A-Za-z]+)<\/Code>/.exec(text)?.[1] ?? '';
  if (statusCode === 404 && code !== 'NoSuchBucket') throw new ObjectMissing();
  if (statusCode === 412) throw new ObjectExists();
  throw refused(statusCode, code);
}

const refused = (status: number, code: string): DomainError =>
  new DomainError('UNAVAILABLE', { message: `object store answered ${status} ${code}`.trim() });

async function* nothing(): ByteStream {}

async function* readable(response: Dispatcher.ResponseData, signal: AbortSignal): ByteStream {
  try {
    yield* response.body as AsyncIterable<Uint8Array>;
  } catch (cause) {
    signal.throwIfAborted();
    throw new DomainError('UNAVAILABLE', { cause, message: 'object store broke off' });
  }
}

import { DomainError } from '@conclave/errors';
import type { Client } from 'minio';
import type { Dispatcher } from 'undici';
import {
  ObjectExists,
  ObjectMissing,
  ObjectStorage,
  type ByteStream,
  type ObjectRead,
  type OutgoingBytes,
  type PartName,
  type StoredObject,
  type StoredPart,
  type UnfinishedWrite,
} from '../../objects/object-storage.js';
import { minioClient, type BucketAccess } from './bucket-access.js';
import { checksummed, encodedCrc32, partsChecksummed } from './checksummed.js';
import { findAbilities, once, type StoreAbilities } from './find-abilities.js';
import { insist } from './insist.js';
import type { SignedClient, StoreRequest } from './signed-client.js';
import { refusalOf, StoreRefusal } from './store-refusal.js';

const never = new AbortController().signal;

const octets = { 'content-type': 'application/octet-stream' };

type Answer = Dispatcher.ResponseData;

/** An answer that was read to its end. */
interface ShortAnswer {
  readonly headers: Answer['headers'];
  readonly text: string;
}

const nothingMore: ShortAnswer = { headers: {}, text: '' };

/** Bytes `start` to `end` of one object. */
interface Stretch {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  /** Of the object that was begun to be read. */
  readonly etag: string | undefined;
}

/** The bucket over S3: a thin signed client on the hot path, the `minio` package for listing and removal. */
export class S3ObjectStorage extends ObjectStorage {
  private readonly minio: Client;
  private found: Promise<StoreAbilities> | undefined;

  constructor(
    private readonly access: BucketAccess,
    private readonly client: SignedClient,
  ) {
    super();
    this.minio = minioClient(access);
  }

  async put(key: string, body: OutgoingBytes, signal: AbortSignal): Promise<void> {
    const { checksums, writeOnce } = await this.abilities();
    await this.refuseSecond(writeOnce, key, signal);
    const request = { method: 'PUT', key, headers: { ...octets, ...(writeOnce && once) }, signal } as const;
    await insist(signal, async (again) => {
      try {
        return await this.send(request, body, checksums);
      } catch (error) {
        // One whose answer was lost may be there by now.
        if (!(again && error instanceof ObjectExists)) throw error;
        if ((await this.lengthOf(key, signal)) !== body.length) throw error;
        return nothingMore;
      }
    });
  }

  async startParts(key: string, signal: AbortSignal): Promise<string> {
    const { partChecksums } = await this.abilities();
    const headers = { ...octets, ...(partChecksums && partsChecksummed) };
    const begin = { method: 'POST', key, query: { uploads: '' }, headers, signal } as const;
    const { text } = await insist(signal, () => this.done(begin));
    const id = /<UploadId>([^<]+)<\/UploadId>/.exec(text)?.[1];
    if (!id) throw new StoreRefusal('object store gave no upload id', false);
    return id;
  }

  async putPart(
    key: string,
    uploadId: string,
    part: number,
    body: OutgoingBytes,
    signal: AbortSignal,
  ): Promise<string> {
    const query = { partNumber: String(part), uploadId };
    const { partChecksums } = await this.abilities();
    const request = { method: 'PUT', key, query, signal } as const;
    const { headers } = await insist(signal, () => this.send(request, body, partChecksums));
    const { etag } = headers;
    if (typeof etag !== 'string') throw new StoreRefusal('object store gave no etag', false);
    return partChecksums ? receipt(etag, encodedCrc32(body.crc32())) : etag;
  }

  async listParts(key: string, uploadId: string, signal: AbortSignal): Promise<StoredPart[]> {
    const parts: StoredPart[] = [];
    for (let after = '0'; ;) {
      const query = { uploadId, 'part-number-marker': after };
      const { text } = await insist(signal, () => this.done({ method: 'GET', key, query, signal }));
      for (const [, part = ''] of text.matchAll(/<Part>(.*?)<\/Part>/gs))
        parts.push({
          part: Number(element(part, 'PartNumber')),
          length: Number(element(part, 'Size')),
          etag: receipt(element(part, 'ETag'), element(part, 'ChecksumCRC32')),
        });
      const next = element(text, 'NextPartNumberMarker');
      if (element(text, 'IsTruncated') !== 'true' || next === after) return parts;
      after = next;
    }
  }

  async completeParts(key: string, uploadId: string, parts: readonly PartName[], signal: AbortSignal): Promise<void> {
    const { writeOnceParts } = await this.abilities();
    await this.refuseSecond(writeOnceParts, key, signal);
    const list = parts.map(({ number, etag: named }) => {
      const [etag, sum] = named.split(' ');
      const checksum = sum ? `<ChecksumCRC32>${sum}</ChecksumCRC32>` : '';
      return `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag>${checksum}</Part>`;
    });
    const body = Buffer.from(`<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`);
    const headers = writeOnceParts ? once : {};
    const request = { method: 'POST', key, query: { uploadId }, headers, signal } as const;
    await insist(signal, async (again) => {
      try {
        const { text } = await this.done({ ...request, body: { length: body.length, bytes: [body] } });
        // S3 may answer 200 first and find out later that it failed.
        if (text.includes('<Error>')) throw refusalOf(200, text);
        return true;
      } catch (error) {
        // One whose answer was lost may have been carried out.
        const gone = error instanceof ObjectMissing || error instanceof ObjectExists;
        if (!(again && gone && (await this.lengthOf(key, signal)) !== undefined)) throw error;
        return true;
      }
    });
  }

  async abortParts(key: string, uploadId: string): Promise<void> {
    await insist(never, () => this.done({ method: 'DELETE', key, query: { uploadId }, signal: never }, [404]));
  }

  async read(key: string, start: number, end: number, signal: AbortSignal): Promise<ObjectRead> {
    const response = await insist(signal, () => this.open({ key, start, end, etag: undefined }, signal));
    // 416: the object is shorter than where we start, which only a change behind our back can do.
    const objectLength = Number(/\/(\d+)$/.exec(String(response.headers['content-range'] ?? ''))?.[1] ?? -1);
    if (response.statusCode !== 206) return { objectLength, bytes: nothing() };
    const { etag } = response.headers;
    const stretch = { key, start, end: Math.min(end, objectLength), etag: typeof etag === 'string' ? etag : undefined };
    return { objectLength, bytes: this.readOn(response, stretch, signal) };
  }

  async exists(key: string): Promise<boolean> {
    return (await this.lengthOf(key, AbortSignal.timeout(10_000))) !== undefined;
  }

  async remove(key: string): Promise<void> {
    await this.asStore(async () => {
      for await (const { key: found, uploadId } of this.unfinished(key)) {
        if (found === key) await this.abortParts(key, uploadId);
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

  async *listUnfinished(): AsyncIterable<UnfinishedWrite> {
    yield* this.unfinished('');
  }

  async ready(signal: AbortSignal): Promise<void> {
    // Any key will do: a signed 404 proves endpoint, bucket and credentials; a missing bucket answers 404 without being ours.
    await this.done({ method: 'GET', key: '', query: { 'list-type': '2', 'max-keys': '1' }, signal });
  }

  private async open(stretch: Stretch, signal: AbortSignal): Promise<Answer> {
    const { key, start, end, etag } = stretch;
    const headers = { range: `bytes=${start}-${end - 1}`, ...(etag && { 'if-match': etag }) };
    const response = await this.client.send({ method: 'GET', key, headers, signal });
    if (response.statusCode === 206 || response.statusCode === 416) return response;
    const text = await textOf(response);
    if (response.statusCode === 412) throw new StoreRefusal('the object changed while it was read', false);
    throw refusalOf(response.statusCode, text);
  }

  /** The bytes of an answer; where it breaks off, the rest is asked for anew. Whoever reads checks every byte by its tag. */
  private async *readOn(first: Answer, stretch: Stretch, signal: AbortSignal): ByteStream {
    let at = stretch.start;
    for (let answer = first; ;) {
      const before = at;
      try {
        for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
          at += chunk.length;
          yield chunk;
        }
        return;
      } catch (cause) {
        signal.throwIfAborted();
        if (at >= stretch.end) return;
        // Without a single byte since the last try it is not the way there that is broken.
        if (at === before && answer !== first) throw new StoreRefusal('object store broke off', true, cause);
        answer = await insist(signal, () => this.open({ ...stretch, start: at }, signal));
        if (answer.statusCode !== 206)
          throw new StoreRefusal('object store has less than it began to give', false, cause);
      }
    }
  }

  private async *unfinished(prefix: string): AsyncIterable<UnfinishedWrite> {
    for await (const item of this.minio.listIncompleteUploads(this.access.bucket, prefix, true)) {
      const { key, uploadId, initiated } = item as { key?: string; uploadId?: string; initiated?: Date };
      if (key && uploadId) yield { key, uploadId, startedAt: new Date(initiated ?? 0) };
    }
  }

  /** What this store can do; found out once, at its first write. */
  private abilities(): Promise<StoreAbilities> {
    const signal = AbortSignal.timeout(30_000);
    this.found ??= insist(signal, () => findAbilities(this.client, signal)).catch((error: unknown) => {
      this.found = undefined;
      throw error;
    });
    return this.found;
  }

  /** The next best thing where the store itself does not refuse a second object. */
  private async refuseSecond(itDoes: boolean, key: string, signal: AbortSignal): Promise<void> {
    if (!itDoes && (await this.lengthOf(key, signal)) !== undefined) throw new ObjectExists();
  }

  /** One try to send a body; undefined when it cannot be sent any more. */
  private async send(
    request: Omit<StoreRequest, 'body'>,
    body: OutgoingBytes,
    compared: boolean,
  ): Promise<ShortAnswer | undefined> {
    const bytes = await body.bytes();
    if (!bytes) return undefined;
    if (!compared) return this.done({ ...request, body: { length: body.length, bytes } });
    const summed = checksummed(bytes, body);
    return this.done({ ...request, headers: { ...request.headers, ...summed.headers }, body: summed.body });
  }

  /** Length of the object, undefined where there is none. */
  private async lengthOf(key: string, signal: AbortSignal): Promise<number | undefined> {
    const response = await this.client.send({ method: 'HEAD', key, signal });
    await response.body.dump();
    if (response.statusCode === 404) return undefined;
    if (response.statusCode !== 200) throw refusalOf(response.statusCode, '');
    return Number(response.headers['content-length']);
  }

  /** Sends, and reads a short answer to its end; a refusal becomes its fact. */
  private async done(request: StoreRequest, fine: readonly number[] = []): Promise<ShortAnswer> {
    const response = await this.client.send(request);
    const { statusCode, headers } = response;
    const text = await textOf(response);
    if (statusCode >= 300 && !fine.includes(statusCode)) throw refusalOf(statusCode, text);
    return { headers, text };
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

/** What a part is called by when the whole is made: its ETag, and its checksum where the store has one. */
const receipt = (etag: string, sum: string): string => (sum ? `${etag} ${sum}` : etag);

const textOf = (response: Answer): Promise<string> =>
  response.body.text().catch((cause: unknown) => {
    throw new StoreRefusal('object store broke off its answer', true, cause);
  });

const element = (text: string, name: string): string =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]?.replaceAll('&quot;', '"').replaceAll('&#34;', '"') ?? '';

async function* nothing(): ByteStream {}

import {
  ObjectExists,
  ObjectStorage,
  type ObjectRead,
  type OutgoingBytes,
  type PartName,
  type StoredObject,
  type StoredPart,
  type UnfinishedWrite,
} from '../../objects/object-storage.js';
import { BucketRequests, never, octets, type ShortAnswer } from './bucket-requests.js';
import { once } from './find-abilities.js';
import { insist } from './insist.js';
import { ListBucket } from './list-bucket.js';
import { ReadObject } from './read-object.js';
import type { SignedClient } from './signed-client.js';
import { fineWhereMissing, WriteParts } from './write-parts.js';

const nothingMore: ShortAnswer = { headers: {}, text: '' };

/** The bucket over S3, by one thin signed client. */
export class S3ObjectStorage extends ObjectStorage {
  private readonly requests: BucketRequests;
  private readonly objects: ReadObject;
  private readonly parts: WriteParts;
  private readonly listing: ListBucket;

  constructor(client: SignedClient) {
    super();
    this.requests = new BucketRequests(client);
    this.objects = new ReadObject(client);
    this.parts = new WriteParts(this.requests);
    this.listing = new ListBucket(this.requests);
  }

  async put(key: string, body: OutgoingBytes, signal: AbortSignal): Promise<void> {
    const { checksums, writeOnce } = await this.requests.abilities();
    await this.requests.refuseSecond(writeOnce, key, signal);
    const request = { method: 'PUT', key, headers: { ...octets, ...(writeOnce && once) }, signal } as const;
    await insist(signal, async (again) => {
      try {
        return await this.requests.send(request, body, checksums);
      } catch (error) {
        // One whose answer was lost may be there by now.
        if (!(again && error instanceof ObjectExists)) throw error;
        if ((await this.requests.lengthOf(key, signal)) !== body.length) throw error;
        return nothingMore;
      }
    });
  }

  startParts(key: string, signal: AbortSignal): Promise<string> {
    return this.parts.start(key, signal);
  }

  putPart(key: string, uploadId: string, part: number, body: OutgoingBytes, signal: AbortSignal): Promise<string> {
    return this.parts.put(key, uploadId, part, body, signal);
  }

  listParts(key: string, uploadId: string, signal: AbortSignal): Promise<StoredPart[]> {
    return this.parts.list(key, uploadId, signal);
  }

  completeParts(key: string, uploadId: string, parts: readonly PartName[], signal: AbortSignal): Promise<void> {
    return this.parts.complete(key, uploadId, parts, signal);
  }

  abortParts(key: string, uploadId: string): Promise<void> {
    return this.parts.abort(key, uploadId);
  }

  read(key: string, start: number, end: number, signal: AbortSignal): Promise<ObjectRead> {
    return this.objects.read(key, start, end, signal);
  }

  async exists(key: string): Promise<boolean> {
    return (await this.requests.lengthOf(key, AbortSignal.timeout(10_000))) !== undefined;
  }

  async remove(key: string): Promise<void> {
    const writes: UnfinishedWrite[] = [];
    for await (const write of this.listing.unfinished(key)) if (write.key === key) writes.push(write);
    // Only when all are known: some stores find no next page behind an upload that is gone.
    for (const { uploadId } of writes) await this.parts.abort(key, uploadId);
    const request = { method: 'DELETE', key, signal: never } as const;
    await insist(never, () => this.requests.done(request)).catch(fineWhereMissing);
  }

  list(): AsyncIterable<StoredObject> {
    return this.listing.objects();
  }

  listUnfinished(): AsyncIterable<UnfinishedWrite> {
    return this.listing.unfinished();
  }

  async ready(signal: AbortSignal): Promise<void> {
    // Any key will do: a signed 404 proves endpoint, bucket and credentials; a missing bucket answers 404 without being ours.
    await this.requests.done({ method: 'GET', key: '', query: { 'list-type': '2', 'max-keys': '1' }, signal });
  }
}

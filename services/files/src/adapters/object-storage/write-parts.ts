import {
  ObjectExists,
  ObjectMissing,
  type OutgoingBytes,
  type PartName,
  type StoredPart,
} from '../../objects/object-storage.js';
import { element, elements } from './answer-text.js';
import { never, octets, type BucketRequests } from './bucket-requests.js';
import { encodedCrc32, partsChecksummed } from './checksummed.js';
import { once } from './find-abilities.js';
import { insist } from './insist.js';
import { refusalOf, StoreRefusal } from './store-refusal.js';

/** Writes objects in parts, from the first to the one that puts them together. */
export class WriteParts {
  constructor(private readonly requests: BucketRequests) {}

  async start(key: string, signal: AbortSignal): Promise<string> {
    const { partChecksums } = await this.requests.abilities();
    const headers = { ...octets, ...(partChecksums && partsChecksummed) };
    const begin = { method: 'POST', key, query: { uploads: '' }, headers, signal } as const;
    const { text } = await insist(signal, () => this.requests.done(begin));
    const id = element(text, 'UploadId');
    if (!id) throw new StoreRefusal('object store gave no upload id', false);
    return id;
  }

  async put(key: string, uploadId: string, part: number, body: OutgoingBytes, signal: AbortSignal): Promise<string> {
    const query = { partNumber: String(part), uploadId };
    const { partChecksums } = await this.requests.abilities();
    const request = { method: 'PUT', key, query, signal } as const;
    const { headers } = await insist(signal, () => this.requests.send(request, body, partChecksums));
    const { etag } = headers;
    if (typeof etag !== 'string') throw new StoreRefusal('object store gave no etag', false);
    return partChecksums ? receipt(etag, encodedCrc32(body.crc32())) : etag;
  }

  async list(key: string, uploadId: string, signal: AbortSignal): Promise<StoredPart[]> {
    const parts: StoredPart[] = [];
    for (let after = '0'; ;) {
      const query = { uploadId, 'part-number-marker': after };
      const { text } = await insist(signal, () => this.requests.done({ method: 'GET', key, query, signal }));
      for (const part of elements(text, 'Part'))
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

  async complete(key: string, uploadId: string, parts: readonly PartName[], signal: AbortSignal): Promise<void> {
    const { writeOnceParts } = await this.requests.abilities();
    await this.requests.refuseSecond(writeOnceParts, key, signal);
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
        const { text } = await this.requests.done({ ...request, body: { length: body.length, bytes: [body] } });
        // S3 may answer 200 first and find out later that it failed.
        if (text.includes('<Error>')) throw refusalOf(200, text);
        return true;
      } catch (error) {
        // One whose answer was lost may have been carried out.
        const gone = error instanceof ObjectMissing || error instanceof ObjectExists;
        if (!(again && gone && (await this.requests.lengthOf(key, signal)) !== undefined)) throw error;
        return true;
      }
    });
  }

  /** Fine when it is over already. */
  async abort(key: string, uploadId: string): Promise<void> {
    const request = { method: 'DELETE', key, query: { uploadId }, signal: never } as const;
    await insist(never, () => this.requests.done(request)).catch(fineWhereMissing);
  }
}

/** What was to be removed is not there. */
export function fineWhereMissing(error: unknown): void {
  if (!(error instanceof ObjectMissing)) throw error;
}

/** What a part is called by when the whole is made: its ETag, and its checksum where the store has one. */
const receipt = (etag: string, sum: string): string => (sum ? `${etag} ${sum}` : etag);

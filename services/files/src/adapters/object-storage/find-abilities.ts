import { randomBytes, randomUUID } from 'node:crypto';
import { wholeBytes } from '../../objects/object-storage.js';
import { checksummed, encodedCrc32, partsChecksummed } from './checksummed.js';
import type { SignedClient, StoreRequest } from './signed-client.js';
import { refusalOf, StoreRefusal } from './store-refusal.js';

/** What a store can do beyond what every S3 can. */
export interface StoreAbilities {
  /** It compares bytes with a checksum that comes behind them, and refuses what is damaged. */
  readonly checksums: boolean;
  /** The same of each part of a write in parts, whose numbers may have gaps. */
  readonly partChecksums: boolean;
  /** It refuses a second object of one key: put in one request, and made out of parts. */
  readonly writeOnce: boolean;
  readonly writeOnceParts: boolean;
}

/** Refused where an object of that key exists. */
export const once = { 'if-none-match': '*' };

/** What is tried lies under a prefix that no file has; the sweeper removes what a broken trial leaves. */
const prefix = 'preflight/';

interface Said {
  readonly status: number;
  readonly text: string;
  readonly bytes: Buffer;
  readonly etag: string;
}

/** Tries what the store can do, with small objects that are removed again: what a product calls itself says nothing of its version. */
export async function findAbilities(client: SignedClient, signal: AbortSignal): Promise<StoreAbilities> {
  const key = `${prefix}${randomUUID()}`;
  const other = `${key}-other`;
  const content = wholeBytes(randomBytes(100));
  const ask = (request: Omit<StoreRequest, 'signal'>): Promise<Said> => asked(client, { ...request, signal });
  const put = async (to: string, crc32: (() => number) | null, headers = {}, query = {}): Promise<Said> => {
    const bytes = (await content.bytes()) as AsyncIterable<Uint8Array>;
    if (!crc32) return ask({ method: 'PUT', key: to, query, headers, body: { length: content.length, bytes } });
    const request = checksummed(bytes, { ...content, crc32 });
    return ask({ method: 'PUT', key: to, query, headers: { ...request.headers, ...headers }, body: request.body });
  };
  /** Makes an object out of one part, whose number leaves a gap before it, as those of resumed uploads do. */
  const inParts = async (to: string, summed: boolean, headers = {}): Promise<number> => {
    const begun = await ask({
      method: 'POST',
      key: to,
      query: { uploads: '' },
      headers: summed ? partsChecksummed : {},
    });
    const uploadId = /<UploadId>([^<]+)</.exec(begun.text)?.[1];
    if (!uploadId) return begun.status;
    try {
      const { etag } = await put(to, summed ? content.crc32 : null, {}, { partNumber: '2', uploadId });
      const sum = summed ? `<ChecksumCRC32>${encodedCrc32(content.crc32())}</ChecksumCRC32>` : '';
      const one = `<Part><PartNumber>2</PartNumber><ETag>${etag}</ETag>${sum}</Part>`;
      const list = Buffer.from(`<CompleteMultipartUpload>${one}</CompleteMultipartUpload>`);
      const body = { length: list.length, bytes: [list] };
      const { status, text } = await ask({ method: 'POST', key: to, query: { uploadId }, headers, body });
      return text.includes('<Error>') && status < 300 ? 500 : status;
    } finally {
      await ask({ method: 'DELETE', key: to, query: { uploadId } }).catch(() => undefined);
    }
  };

  /** Checked, stored without its frame, and refused when it does not fit. */
  const comparing = async (): Promise<boolean> => {
    if ((await put(key, content.crc32)).status !== 200) return false;
    const stored = await ask({ method: 'GET', key });
    if (stored.bytes.length !== content.length) return false;
    return (await put(other, () => content.crc32() ^ 1)).status >= 400;
  };
  try {
    const checksums = await comparing();
    if (!checksums) must(await put(key, null));
    const writeOnce = (await put(key, null, once)).status === 412;
    const partChecksums = checksums && (await inParts(other, true).catch(() => 500)) === 200;
    const writeOnceParts = (await inParts(key, partChecksums, once)) === 412;
    return { checksums, partChecksums, writeOnce, writeOnceParts };
  } finally {
    for (const one of [key, other]) await ask({ method: 'DELETE', key: one }).catch(() => undefined);
  }
}

function must({ status, text }: Said): void {
  if (status >= 300) throw refusalOf(status, text);
}

/** Any status is an answer, but for those that may pass. */
async function asked(client: SignedClient, request: StoreRequest): Promise<Said> {
  const { statusCode: status, headers, body } = await client.send(request);
  const bytes = Buffer.from(await body.arrayBuffer());
  const text = bytes.toString();
  const refusal = status >= 500 && status !== 501 ? refusalOf(status, text) : undefined;
  if (refusal instanceof StoreRefusal) throw refusal;
  return { status, text, bytes, etag: String(headers['etag'] ?? '') };
}

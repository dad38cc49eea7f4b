import type { StoredObject, UnfinishedWrite } from '../../objects/object-storage.js';
import { element, elements } from './answer-text.js';
import { never, type BucketRequests } from './bucket-requests.js';
import { insist } from './insist.js';

/** Lists what is in the bucket, a page after the other; `page` is the most that one answer is to hold. */
export class ListBucket {
  constructor(
    private readonly requests: BucketRequests,
    private readonly page = 1000,
  ) {}

  async *objects(): AsyncIterable<StoredObject> {
    for (let token = ''; ;) {
      const where = { ...(token && { 'continuation-token': token }) };
      const text = await this.ask({ 'list-type': '2', 'max-keys': String(this.page), ...where });
      for (const one of elements(text, 'Contents'))
        yield {
          key: element(one, 'Key'),
          length: Number(element(one, 'Size')),
          modifiedAt: new Date(element(one, 'LastModified')),
        };
      const next = element(text, 'NextContinuationToken');
      if (element(text, 'IsTruncated') !== 'true' || next === token) return;
      token = next;
    }
  }

  /**
   * Writes in parts that were begun and not ended. Their parts are not asked for: that would be a request each, and one
   * that ends meanwhile would be an error.
   */
  async *unfinished(prefix = ''): AsyncIterable<UnfinishedWrite> {
    for (let [key, id] = ['', '']; ;) {
      const where = { ...(key && { 'key-marker': key }), ...(id && { 'upload-id-marker': id }) };
      const text = await this.ask({ uploads: '', prefix, 'max-uploads': String(this.page), ...where });
      for (const one of elements(text, 'Upload'))
        yield {
          key: element(one, 'Key'),
          uploadId: element(one, 'UploadId'),
          startedAt: new Date(element(one, 'Initiated')),
        };
      const [nextKey, nextId] = [element(text, 'NextKeyMarker'), element(text, 'NextUploadIdMarker')];
      if (element(text, 'IsTruncated') !== 'true' || (nextKey === key && nextId === id)) return;
      [key, id] = [nextKey, nextId];
    }
  }

  private async ask(query: Readonly<Record<string, string>>): Promise<string> {
    const request = { method: 'GET', key: '', query, signal: never } as const;
    return (await insist(never, () => this.requests.done(request))).text;
  }
}

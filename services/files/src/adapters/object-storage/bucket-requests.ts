import type { Dispatcher } from 'undici';
import { ObjectExists, type OutgoingBytes } from '../../objects/object-storage.js';
import { textOf } from './answer-text.js';
import { checksummed } from './checksummed.js';
import { findAbilities, type StoreAbilities } from './find-abilities.js';
import { insist } from './insist.js';
import type { SignedClient, StoreRequest } from './signed-client.js';
import { refusalOf } from './store-refusal.js';

export const never = new AbortController().signal;

export const octets = { 'content-type': 'application/octet-stream' };

/** An answer that was read to its end. */
export interface ShortAnswer {
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly text: string;
}

/** What reading, writing and listing have in common: one try of a request, and what the store is known to do. */
export class BucketRequests {
  private found: Promise<StoreAbilities> | undefined;

  constructor(readonly client: SignedClient) {}

  /** What this store can do; found out once, at its first write. */
  abilities(): Promise<StoreAbilities> {
    const signal = AbortSignal.timeout(30_000);
    this.found ??= insist(signal, () => findAbilities(this.client, signal)).catch((error: unknown) => {
      this.found = undefined;
      throw error;
    });
    return this.found;
  }

  /** Sends, and reads a short answer to its end; a refusal becomes its fact. */
  async done(request: StoreRequest): Promise<ShortAnswer> {
    const response = await this.client.send(request);
    const { statusCode, headers } = response;
    const text = await textOf(response);
    if (statusCode >= 300) throw refusalOf(statusCode, text);
    return { headers, text };
  }

  /** One try to send a body; undefined when it cannot be sent any more. */
  async send(
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
  async lengthOf(key: string, signal: AbortSignal): Promise<number | undefined> {
    const response = await this.client.send({ method: 'HEAD', key, signal });
    await response.body.dump();
    if (response.statusCode === 404) return undefined;
    if (response.statusCode !== 200) throw refusalOf(response.statusCode, '');
    return Number(response.headers['content-length']);
  }

  /** The next best thing where the store itself does not refuse a second object. */
  async refuseSecond(itDoes: boolean, key: string, signal: AbortSignal): Promise<void> {
    if (!itDoes && (await this.lengthOf(key, signal)) !== undefined) throw new ObjectExists();
  }
}

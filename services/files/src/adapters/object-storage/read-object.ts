import type { Dispatcher } from 'undici';
import type { ByteStream, ObjectRead } from '../../objects/object-storage.js';
import { textOf } from './answer-text.js';
import { insist } from './insist.js';
import type { SignedClient } from './signed-client.js';
import { refusalOf, StoreRefusal } from './store-refusal.js';

type Answer = Dispatcher.ResponseData;

/** Bytes `start` to `end` of one object. */
interface Stretch {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  /** Of the object that was begun to be read. */
  readonly etag: string | undefined;
}

/** Reads stretches of objects, and goes on where an answer breaks off. */
export class ReadObject {
  constructor(private readonly client: SignedClient) {}

  async read(key: string, start: number, end: number, signal: AbortSignal): Promise<ObjectRead> {
    const response = await insist(signal, () => this.open({ key, start, end, etag: undefined }, signal));
    // 416: the object is shorter than where we start, which only a change behind our back can do.
    const objectLength = Number(/\/(\d+)$/.exec(String(response.headers['content-range'] ?? ''))?.[1] ?? -1);
    if (response.statusCode !== 206) return { objectLength, bytes: nothing() };
    const { etag } = response.headers;
    const stretch = { key, start, end: Math.min(end, objectLength), etag: typeof etag === 'string' ? etag : undefined };
    return { objectLength, bytes: this.readOn(response, stretch, signal) };
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
}

async function* nothing(): ByteStream {}

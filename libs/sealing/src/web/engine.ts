import type { Bytes } from '../bytes.js';
import type { Batch } from '../pool/messages.js';
import { batchRefused, keysGone } from '../refusals.js';
import { wipe } from '../wipe.js';
import type { WebAeadKeys } from './aead.js';
import type { WebFileKeys } from './file-keys.js';
import { FRONT, openBatch, sealBatch } from './segment-batch.js';

/** One run of segments to work on; its buffer begins with `FRONT` free bytes. */
export type WebBatch = Batch<WebFileKeys>;

/** Where a browser carries out the cryptography of segments. */
export interface WebEngine {
  /** How many batches one stream may usefully have under way. */
  readonly width: number;
  /** The run as it goes on the wire. Rejects with the signal's reason when aborted. */
  seal(batch: WebBatch, signal?: AbortSignal): Promise<Bytes>;
  /** The plaintext of each segment of the run, every tag checked. Rejects with FILE_INTEGRITY when a segment does not verify. */
  open(batch: WebBatch, signal?: AbortSignal): Promise<readonly Bytes[]>;
}

/** The sealed run in its buffer. */
export const wireOf = (buffer: ArrayBuffer): Bytes => new Uint8Array(buffer, FRONT);

/** Wipes the plaintext of an opened run. */
export const wipeAll = (buffers: readonly ArrayBuffer[]): void => buffers.forEach(wipe);

/** Works on the calling thread: where there are no workers, and for short files. Pages use workers, so that they stay quick. */
export class WebCallingThread implements WebEngine {
  readonly width = 1;

  async seal(batch: WebBatch, signal?: AbortSignal): Promise<Bytes> {
    await whileLive(batch.keys, (keys) =>
      here(batch, signal, async () => {
        await sealBatch(keys, batch.buffer, batch);
        return [batch.buffer];
      }),
    );
    return wireOf(batch.buffer);
  }

  async open(batch: WebBatch, signal?: AbortSignal): Promise<readonly Bytes[]> {
    const opened = await whileLive(batch.keys, (keys) =>
      here(batch, signal, async () => {
        const plaintexts = await openBatch(keys, batch.buffer, batch);
        if (plaintexts === undefined) throw batchRefused(batch);
        return plaintexts;
      }),
    );
    return opened.map((plaintext) => new Uint8Array(plaintext));
  }
}

/** Work under keys that live before and after it; what was made under keys that were destroyed meanwhile is wiped and refused. */
export async function whileLive(
  keys: WebFileKeys,
  work: (keys: WebAeadKeys) => Promise<readonly ArrayBuffer[]>,
): Promise<readonly ArrayBuffer[]> {
  const made = await work(keys.segments);
  if (keys.live) return made;
  wipeAll(made);
  throw keysGone();
}

/** What comes of the work, or nothing: aborted or failed, the batch is wiped. */
async function here(
  { buffer }: WebBatch,
  signal: AbortSignal | undefined,
  work: () => Promise<readonly ArrayBuffer[]>,
): Promise<readonly ArrayBuffer[]> {
  try {
    signal?.throwIfAborted();
    const made = await work();
    if (signal?.aborted) wipeAll(made);
    signal?.throwIfAborted();
    return made;
  } catch (error) {
    wipe(buffer);
    throw error;
  }
}

import type { SealedPart } from '@conclave/sealing/node';
import type { ObjectStorage } from '../objects/object-storage.js';

/**
 * Writes the parts of one object. While one part is on its way the next is being sealed, and never more than these two are held:
 * that is the memory of an upload, whatever its size.
 */
export class PartWriter {
  private readonly stop = new AbortController();
  private readonly signal: AbortSignal;
  private readonly etags: string[] = [];
  private uploadId: string | undefined;
  private sending: Promise<void> | undefined;

  constructor(
    private readonly storage: ObjectStorage,
    private readonly key: string,
    private readonly partCount: number,
    signal: AbortSignal,
    private readonly moved: () => void,
  ) {
    this.signal = AbortSignal.any([signal, this.stop.signal]);
  }

  /** Begins to send a part, once the one before it has arrived. */
  async write(part: SealedPart): Promise<void> {
    await this.sending;
    this.sending = this.send(part);
    this.sending.catch(() => undefined); // seen by whoever awaits it next
  }

  /** The object is whole when this resolves. */
  async complete(): Promise<void> {
    await this.sending;
    if (this.uploadId) await this.storage.completeParts(this.key, this.uploadId, this.etags, this.signal);
  }

  /** Nothing is on its way any more, whatever the end was; a part that arrived later would be an orphan. */
  async settle(): Promise<void> {
    this.stop.abort(new Error('the upload is over'));
    await this.sending?.catch(() => undefined);
  }

  private async send({ partNumber, bytes, length, release }: SealedPart): Promise<void> {
    if (this.partCount === 1) await this.storage.put(this.key, length, bytes, this.signal);
    else {
      this.uploadId ??= await this.storage.startParts(this.key, this.signal);
      this.etags.push(await this.storage.putPart(this.key, this.uploadId, partNumber, length, bytes, this.signal));
    }
    // Only now: until the store has answered, a socket may still be reading them.
    release();
    this.moved();
  }
}

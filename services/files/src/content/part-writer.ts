import { PART_LENGTH, HEADER_LENGTH, SEALED_SEGMENT_LENGTH } from '@conclave/sealing';
import type { SealedRun } from '@conclave/sealing/node';
import type { ObjectStorage } from '../objects/object-storage.js';
import { Bell } from './bell.js';
import { OutgoingPart } from './outgoing-part.js';

/**
 * So much of one upload is held after it was sealed, whatever its size: a part, which the store may have to be sent again, and
 * a little of the next, which is on its way while the answer for the first is waited for.
 */
const windowBytes = HEADER_LENGTH + PART_LENGTH + 16 * SEALED_SEGMENT_LENGTH;

/**
 * Writes the parts of one object. A part begins to be sent with its first run, and is kept until the store has answered. Only a part
 * that is longer than the window is let go as it leaves; then a failure of the store in its middle ends the upload.
 */
export class PartWriter {
  private readonly stop = new AbortController();
  private readonly signal: AbortSignal;
  private readonly etags: string[] = [];
  private readonly parts = new Set<OutgoingPart>();
  private readonly sending = new Set<Promise<void>>();
  private uploadId: Promise<string> | undefined;
  private current: OutgoingPart | undefined;
  private held = 0;
  private failure: { readonly cause: unknown } | undefined;
  private readonly change = new Bell();
  /** Until a part that was begun early had to be sent again: its sender may be too slow for the store's patience. */
  private early = true;

  constructor(
    private readonly storage: ObjectStorage,
    private readonly key: string,
    private readonly partCount: number,
    signal: AbortSignal,
    private readonly moved: () => void,
  ) {
    this.signal = AbortSignal.any([signal, this.stop.signal]);
    this.signal.addEventListener('abort', () => this.change.ring(), { once: true });
  }

  /** Hands over a run, once there is room for it. */
  async write(run: SealedRun): Promise<void> {
    await this.room(run.length);
    this.current ??= this.begin(run);
    this.current.push(run);
    this.held += run.length;
    if (this.current.isWhole) this.current = undefined;
  }

  /** The object is whole when this resolves. */
  async complete(): Promise<void> {
    while (this.sending.size > 0) {
      this.throwIfOver();
      await this.change.rung();
    }
    this.throwIfOver();
    if (this.uploadId) await this.storage.completeParts(this.key, await this.uploadId, this.etags, this.signal);
  }

  /** Nothing is on its way any more, whatever the end was; a part that arrived later would be an orphan. */
  async settle(): Promise<void> {
    const over = new Error('the upload is over');
    this.stop.abort(over);
    for (const part of this.parts) part.end(over);
    await Promise.all(this.sending);
  }

  private begin({ partNumber, partLength }: SealedRun): OutgoingPart {
    const keep = partLength <= windowBytes;
    const moved = () => {
      this.moved();
      this.change.ring();
    };
    const part = new OutgoingPart(partNumber, partLength, { early: this.early, keep, moved });
    this.parts.add(part);
    const sending = this.send(part)
      .catch((cause: unknown) => {
        this.failure ??= { cause };
      })
      .finally(() => {
        this.sending.delete(sending);
        this.parts.delete(part);
        this.change.ring();
      });
    this.sending.add(sending);
    return part;
  }

  private async send(part: OutgoingPart): Promise<void> {
    if (this.partCount === 1) await this.storage.put(this.key, part, this.signal);
    else {
      this.uploadId ??= this.storage.startParts(this.key, this.signal);
      const uploadId = await this.uploadId;
      const etag = await this.storage.putPart(this.key, uploadId, part.partNumber, part, this.signal);
      this.etags[part.partNumber - 1] = etag;
    }
    if (part.wasCut) this.early = false;
    // Only now: until the store has answered, a socket may still be reading them.
    this.held -= part.release();
    this.moved();
  }

  private async room(length: number): Promise<void> {
    for (;;) {
      this.throwIfOver();
      if (this.held + length <= windowBytes) return;
      const freed = this.current && this.current.length > windowBytes ? this.current.letGo() : 0;
      this.held -= freed;
      if (freed === 0) await this.change.rung();
    }
  }

  private throwIfOver(): void {
    if (this.failure) throw this.failure.cause;
    this.signal.throwIfAborted();
  }
}

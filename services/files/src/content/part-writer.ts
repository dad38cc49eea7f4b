import { HEADER_LENGTH, PART_LENGTH, SEALED_SEGMENT_LENGTH, SEGMENTS_PER_BATCH } from '@conclave/sealing';
import type { SealedRun } from '@conclave/sealing/node';
import type { KeptPart } from '../file/uploads.js';
import type { ObjectStorage } from '../objects/object-storage.js';
import type { Streams } from '../sealing/streams.js';
import { Bell } from './bell.js';
import { OutgoingPart } from './outgoing-part.js';
import type { PartLedger } from './part-ledger.js';

/** So much of one upload is held after it was sealed, whatever its size: a part, which the store may have to be sent again. */
const partBytes = HEADER_LENGTH + PART_LENGTH;
const batchBytes = SEGMENTS_PER_BATCH * SEALED_SEGMENT_LENGTH;
/** Of the next one so many batches at most, and one at least, which are on their way while the answer for the first is waited for. */
const mostOfNext = 8;
/** So far ahead a stream goes before it sends more than one batch of the next part. */
const aheadBeforeNext = 4;

/** What is written. */
export interface PartTarget {
  readonly key: string;
  readonly partCount: number;
  readonly ledger: Pick<PartLedger, 'open' | 'numberOf'>;
  readonly streams: Pick<Streams, 'ahead'>;
}

/** Writes down that a part is stored; those before it are by then. */
export type WriteDown = (part: KeptPart) => Promise<void>;

/**
 * Writes the parts of one object. A part begins to be sent with its first run, and is kept until the store has answered. Only a part
 * that is longer than usual is let go as it leaves; then a failure of the store in its middle ends the upload.
 */
export class PartWriter {
  private readonly stop = new AbortController();
  private readonly signal: AbortSignal;
  /** What is to be written down of the parts that have been handed over whole. */
  private readonly writesDown = new Map<number, WriteDown>();
  private written: Promise<void> = Promise.resolve();
  private readonly parts = new Set<OutgoingPart>();
  private readonly sending = new Set<Promise<void>>();
  private current: OutgoingPart | undefined;
  private held = 0;
  /** Bytes that may be held now. */
  private get window(): number {
    const next = Math.min(mostOfNext, Math.max(1, this.target.streams.ahead - aheadBeforeNext));
    return partBytes + next * batchBytes;
  }

  private failure: { readonly cause: unknown } | undefined;
  private readonly change = new Bell();
  /** Until a part that was begun early had to be sent again: its sender may be too slow for the store's patience. */
  private early = true;

  constructor(
    private readonly storage: ObjectStorage,
    private readonly target: PartTarget,
    signal: AbortSignal,
    private readonly moved: () => void,
  ) {
    this.signal = AbortSignal.any([signal, this.stop.signal]);
    this.signal.addEventListener('abort', () => this.change.ring(), { once: true });
  }

  /** Hands over a run, once there is room for it; with the last one of a part what is to be written down of it. */
  async write(run: SealedRun, writeDown?: WriteDown): Promise<void> {
    await this.room(run.length);
    if (writeDown) this.writesDown.set(run.partNumber, writeDown);
    this.current ??= this.begin(run);
    this.current.push(run);
    this.held += run.length;
    if (this.current.isWhole) this.current = undefined;
  }

  /** What was handed over is stored and written down. */
  async flush(): Promise<void> {
    while (this.sending.size > 0) {
      this.throwIfOver();
      await this.change.rung();
    }
    this.throwIfOver();
  }

  /** The rest of the part that was begun does not come; those before it are stored and written down all the same. */
  async leaveOff(cause: unknown): Promise<void> {
    this.current?.end(cause);
    await Promise.all(this.sending);
  }

  /** Nothing is on its way any more, whatever the end was; a part that arrived later would be an orphan. */
  async settle(): Promise<void> {
    const over = new Error('the upload is over');
    this.stop.abort(over);
    for (const part of this.parts) part.end(over);
    await Promise.all(this.sending);
  }

  private begin({ partNumber, partLength }: SealedRun): OutgoingPart {
    const keep = partLength <= partBytes;
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
    const { partCount, ledger } = this.target;
    const { partNumber, length } = part;
    const before = this.written;
    const signal = AbortSignal.any([this.signal, part.over]);
    const sent = partCount === 1 ? this.put(part, signal) : this.putPart(part, signal);
    // In their order: what is written down of a part says that all before it are stored.
    const stored = sent.then(async (etag) => {
      if (part.wasCut) this.early = false;
      // Only now: until the store has answered, a socket may still be reading them.
      this.held -= part.release();
      this.moved();
      this.change.ring();
      await before;
      const number = ledger.numberOf(partNumber, partCount);
      if (etag !== undefined) await this.writesDown.get(partNumber)?.({ part: partNumber, number, etag, length });
    });
    this.written = stored;
    stored.catch(() => undefined); // seen by whoever awaits `send`
    await stored;
  }

  private async put(part: OutgoingPart, signal: AbortSignal): Promise<undefined> {
    await this.storage.put(this.target.key, part, signal);
  }

  private async putPart(part: OutgoingPart, signal: AbortSignal): Promise<string> {
    const { key, partCount, ledger } = this.target;
    const uploadId = await ledger.open(this.signal);
    return this.storage.putPart(key, uploadId, ledger.numberOf(part.partNumber, partCount), part, signal);
  }

  private async room(length: number): Promise<void> {
    for (;;) {
      this.throwIfOver();
      if (this.held + length <= this.window) return;
      const freed = this.current && this.current.length > partBytes ? this.current.letGo() : 0;
      this.held -= freed;
      if (freed === 0) await this.change.rung();
    }
  }

  private throwIfOver(): void {
    if (this.failure) throw this.failure.cause;
    this.signal.throwIfAborted();
  }
}

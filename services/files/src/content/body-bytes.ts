import type { Readable } from 'node:stream';
import { DomainError } from '@conclave/errors';
import type { Stall } from './stall.js';
import type { UploadCharge } from './upload-charge.js';

/** Who looks on while a body comes. */
export interface BodyWatch {
  /** Of the whole stream, whoever keeps it waiting. */
  readonly stall: Stall;
  /** Of its sender. */
  readonly sender: Stall;
  readonly charge: UploadCharge;
}

/** The body as it is, paid for as it comes. A body that breaks off is UPLOAD_ABORTED. */
export async function* observed(
  body: Readable,
  { stall, sender, charge }: BodyWatch,
): AsyncGenerator<Uint8Array, void> {
  const chunks = (body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      // The sender is waited for only here; what we take our time for is not the sender's silence.
      sender.moved();
      const chunk = await chunks.next().catch((cause: unknown) => {
        throw new DomainError('UPLOAD_ABORTED', { cause, message: 'the body broke off' });
      });
      sender.rest();
      if (chunk.done) return;
      stall.moved();
      try {
        await charge.came(chunk.value.length);
        yield chunk.value;
      } finally {
        // Taken, or never wanted: what came in the clear does not wait for the collector.
        chunk.value.fill(0);
      }
    }
  } finally {
    // It would hold the body back: what still arrives of one that was refused could not be read away.
    await chunks.return?.();
  }
}

/** A stream that several take from, one after another, each so much of it. */
export class Stretches {
  private readonly source: AsyncIterator<Uint8Array, unknown>;
  private held: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** The next `count` bytes, or fewer where the stream ends. The source is asked for more only when all it gave is taken. */
  async *take(count: number): AsyncGenerator<Uint8Array, void> {
    for (let left = count; left > 0;) {
      if (this.held.length === 0) {
        const next = await this.source.next();
        if (next.done) return;
        this.held = next.value;
      }
      const part = this.held.subarray(0, left);
      this.held = this.held.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** Nothing is taken any more. Not awaited: a silent source answers only after its owner has closed it. */
  close(): void {
    this.source.return?.().then(undefined, () => undefined);
  }
}

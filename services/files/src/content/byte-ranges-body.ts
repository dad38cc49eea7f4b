import { randomBytes } from 'node:crypto';
import type { ByteSpan } from './byte-range.js';

const octets = 'application/octet-stream';

/** What stands around the ranges of an answer that has several: `multipart/byteranges` (RFC 9110, 14.6). */
export class ByteRangesBody {
  private readonly boundary = randomBytes(18).toString('hex');
  private readonly last = Buffer.from(`\r\n--${this.boundary}--\r\n`);

  constructor(
    private readonly spans: readonly ByteSpan[],
    private readonly size: number,
  ) {}

  get type(): string {
    return `multipart/byteranges; boundary=${this.boundary}`;
  }

  /** Bytes of the whole body. */
  get length(): number {
    return this.spans.reduce((sum, span) => sum + this.before(span).length + span.end - span.start, this.last.length);
  }

  /** To be sent before the bytes of a range. */
  before({ start, end }: ByteSpan): Buffer {
    const fields = `content-type: ${octets}\r\ncontent-range: bytes ${start}-${end - 1}/${this.size}`;
    return Buffer.from(`\r\n--${this.boundary}\r\n${fields}\r\n\r\n`);
  }

  /** To be sent behind the last. */
  get after(): Buffer {
    return this.last;
  }
}

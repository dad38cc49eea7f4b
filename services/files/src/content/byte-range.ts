import { DomainError } from '@conclave/errors';

/** Bytes `start` (included) to `end` (excluded). */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/** The bytes to send. `whole` means 200, not 206. */
export interface RequestedBytes {
  /** At least one; none touches another. */
  readonly spans: readonly ByteSpan[];
  readonly whole: boolean;
}

/** As many ranges as one request may name. */
export const mostRanges = 8;
/** Between two ranges that lie closer, what a part of its own would cost is more than what lies there (RFC 9110, 15.3.7.2). */
const closeBytes = 128;

/**
 * Reads a Range header (RFC 9110, 14.2). What is not a list of byte ranges in proper form is ignored, as the RFC allows: the whole file
 * is sent. Ranges that meet no byte are left out, those that overlap or all but touch become one, in the place of the first of them. Where
 * none is left, or more are named than anybody needs, it is RANGE_NOT_SATISFIABLE; details carry the size.
 */
export function requestedBytes(header: string | undefined, size: number): RequestedBytes {
  const whole = { spans: [{ start: 0, end: size }], whole: true };
  const list = /^bytes=(.*)$/is.exec(header ?? '')?.[1];
  if (list === undefined) return whole;
  // Empty elements of a list are nothing (5.6.1).
  const named = list.split(',').filter((one) => one.trim() !== '');
  const asked = named.map((one) => read(one, size));
  if (named.length === 0 || asked.includes('no range')) return whole;
  if (named.length > mostRanges) throw outside(size);
  const met = asked.filter((one): one is ByteSpan => typeof one === 'object');
  if (met.length === 0) throw outside(size);
  return { spans: apart(met), whole: false };
}

/** One range of the list: its bytes, or that it meets none. */
function read(text: string, size: number): ByteSpan | 'no byte' | 'no range' {
  const [, from = '', to = ''] = /^[ \t]*(\d{0,19})-(\d{0,19})[ \t]*$/.exec(text) ?? [];
  if (from === '' && to === '') return 'no range';
  if (from === '') {
    const last = Math.min(Number(to), size);
    return last === 0 ? 'no byte' : { start: size - last, end: size };
  }
  const start = Number(from);
  if (to !== '' && Number(to) < start) return 'no range';
  if (start >= size) return 'no byte';
  return { start, end: to === '' ? size : Math.min(Number(to) + 1, size) };
}

/** Joins what overlaps or lies close. */
function apart(spans: readonly ByteSpan[]): ByteSpan[] {
  const kept: ByteSpan[] = [];
  for (const span of spans) {
    let joined = span;
    let place = kept.length;
    const near = ({ start, end }: ByteSpan) => start <= joined.end + closeBytes && joined.start <= end + closeBytes;
    for (let at = kept.findIndex(near); at >= 0; at = kept.findIndex(near)) {
      const [other = joined] = kept.splice(at, 1);
      joined = { start: Math.min(joined.start, other.start), end: Math.max(joined.end, other.end) };
      place = Math.min(place, at);
    }
    kept.splice(place, 0, joined);
  }
  return kept;
}

const outside = (size: number): DomainError =>
  new DomainError('RANGE_NOT_SATISFIABLE', { details: { size: String(size) } });

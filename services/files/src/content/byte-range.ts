import { DomainError } from '@conclave/errors';

/** The bytes to send: `start` included, `end` excluded. `whole` means 200, not 206. */
export interface RequestedBytes {
  readonly start: number;
  readonly end: number;
  readonly whole: boolean;
}

/**
 * Reads a Range header (RFC 9110 §14). What is not a single byte range in proper form is ignored, as the RFC allows: the
 * whole file is sent. A proper one that meets no byte is RANGE_NOT_SATISFIABLE; details carry the size.
 */
export function requestedBytes(header: string | undefined, size: number): RequestedBytes {
  const whole = { start: 0, end: size, whole: true };
  const match = header === undefined ? null : /^bytes=[ \t]*(\d{0,19})-(\d{0,19})[ \t]*$/.exec(header);
  if (!match) return whole;
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return whole;
  if (from === '') {
    const last = Number(to);
    if (last === 0 || size === 0) throw outside(size);
    return { start: Math.max(0, size - last), end: size, whole: false };
  }
  const start = Number(from);
  const end = to === '' ? size : Math.min(Number(to) + 1, size);
  if (to !== '' && Number(to) < start) return whole;
  if (start >= size) throw outside(size);
  return { start, end, whole: false };
}

const outside = (size: number): DomainError =>
  new DomainError('RANGE_NOT_SATISFIABLE', { details: { size: String(size) } });

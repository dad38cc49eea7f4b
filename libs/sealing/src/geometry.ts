import { DomainError } from '@conclave/errors';
import {
  BLOCK_LENGTH,
  HEADER_LENGTH,
  MOST_PARTS,
  SEALED_EMPTY_LENGTH,
  SEALED_SEGMENT_LENGTH,
  SEGMENTS_PER_PART,
  SEGMENT_LENGTH,
  sealedLength,
} from './layout.js';

/** Bytes `start` (included) to `end` (excluded). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The segments that hold a plaintext range, and where they lie in the object. */
export interface SegmentRange {
  readonly first: number;
  readonly last: number;
  readonly object: ByteRange;
}

function requireLength(length: number): void {
  if (!Number.isSafeInteger(length) || length < 0) throw new RangeError(`not a length: ${length}`);
}

/** How many segments a plaintext has: at least one, for the last is always shorter than a full one. */
export function segmentCount(plaintextLength: number): number {
  requireLength(plaintextLength);
  return Math.floor(plaintextLength / SEGMENT_LENGTH) + 1;
}

/** Plaintext bytes of segment `index`. */
export function segmentLength(index: number, plaintextLength: number): number {
  return index === segmentCount(plaintextLength) - 1 ? plaintextLength % SEGMENT_LENGTH : SEGMENT_LENGTH;
}

/** Where segment `index` starts in the object. */
export function segmentOffset(index: number): number {
  return HEADER_LENGTH + index * SEALED_SEGMENT_LENGTH;
}

/** Length of the object that a plaintext becomes. */
export function objectLength(plaintextLength: number): number {
  const last = segmentCount(plaintextLength) - 1;
  return segmentOffset(last) + sealedLength(plaintextLength % SEGMENT_LENGTH);
}

/** Whether any plaintext at all has an object of this length. A cut at a segment's edge never does. */
export function isObjectLength(length: number): boolean {
  if (!Number.isSafeInteger(length) || length < HEADER_LENGTH) return false;
  const last = (length - HEADER_LENGTH) % SEALED_SEGMENT_LENGTH;
  return last >= SEALED_EMPTY_LENGTH && last % BLOCK_LENGTH === 0;
}

/**
 * The segments to fetch for a plaintext range. A range that reaches the end includes the last segment even when that
 * one is empty: it carries the proof that the file ends there. RANGE_NOT_SATISFIABLE when nothing of it lies inside.
 */
export function segmentsForRange(range: ByteRange, plaintextLength: number): SegmentRange {
  requireLength(plaintextLength);
  const { start, end } = range;
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end))
    throw new RangeError('a range is made of whole numbers');
  const whole = start === 0 && end === plaintextLength; // the only range of an empty file
  if (!whole && (start < 0 || start >= end || end > plaintextLength)) throw new DomainError('RANGE_NOT_SATISFIABLE');
  const count = segmentCount(plaintextLength);
  const first = Math.floor(start / SEGMENT_LENGTH);
  const last = end === plaintextLength ? count - 1 : Math.floor((end - 1) / SEGMENT_LENGTH);
  const objectEnd = last === count - 1 ? objectLength(plaintextLength) : segmentOffset(last + 1);
  return { first, last, object: { start: segmentOffset(first), end: objectEnd } };
}

/** How many segments a part has: 128, and twice as many as often as it takes to need no more parts than S3 allows. */
export function segmentsPerPart(plaintextLength: number): number {
  const segments = segmentCount(plaintextLength);
  let perPart = SEGMENTS_PER_PART;
  while (segments > perPart * MOST_PARTS) perPart *= 2;
  return perPart;
}

/** How many S3 parts the object has. */
export function partCount(plaintextLength: number): number {
  return Math.ceil(segmentCount(plaintextLength) / segmentsPerPart(plaintextLength));
}

/** Length of S3 part `partNumber` (from 1). Part 1 is longer by the header, the last one shorter. */
export function partLength(partNumber: number, plaintextLength: number): number {
  const parts = partCount(plaintextLength);
  if (!Number.isSafeInteger(partNumber) || partNumber < 1 || partNumber > parts) throw new RangeError('no such part');
  const header = partNumber === 1 ? HEADER_LENGTH : 0;
  const segments = segmentsPerPart(plaintextLength);
  if (partNumber < parts) return header + segments * SEALED_SEGMENT_LENGTH;
  return header + objectLength(plaintextLength) - segmentOffset((parts - 1) * segments);
}

import type { BatchShape } from '../batches.js';

/** One run of segments to work on. Whoever is given it takes the buffer over; the caller must not touch it again. */
export interface Batch<Keys> extends BatchShape {
  readonly keys: Keys;
  readonly buffer: ArrayBuffer;
  /** Of a run that is sealed: whether its CRC-32 is wanted, from engines that make one. */
  readonly summed?: boolean;
}

/** What a pool asks of a worker. The buffer is transferred. */
export interface WorkerRequest<Keys> extends Batch<Keys> {
  readonly id: number;
  readonly operation: 'seal' | 'open';
}

/**
 * What a worker answers; what it made comes back transferred, or its buffer was wiped. `fault` is for the log (a broken batch,
 * never a bad tag); `keysGone` says that the file's keys were wiped before or meanwhile.
 */
export type WorkerReply<Done> =
  | { readonly id: number; readonly outcome: 'done'; readonly done: Done }
  | { readonly id: number; readonly outcome: 'refused' }
  | { readonly id: number; readonly outcome: 'keysGone' }
  | { readonly id: number; readonly outcome: 'fault'; readonly fault: string };

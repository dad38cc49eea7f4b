import type { BatchShape } from '../../batches.js';
import type { SegmentKeys } from '../live-keys.js';

/** What a worker is told when it starts: the native engine to load, where one was chosen. */
export interface WorkerOptions {
  readonly native: { readonly module: string; readonly path: string } | undefined;
}

/** What the pool asks of a worker. The buffer is transferred, the keys lie in shared memory. */
export interface WorkerRequest extends BatchShape {
  readonly id: number;
  readonly operation: 'seal' | 'open';
  readonly keys: SegmentKeys;
  readonly buffer: ArrayBuffer;
  /** Of a run that is sealed: whether its CRC-32 is wanted. */
  readonly summed: boolean;
}

/**
 * What a worker answers. The buffer comes back transferred, or was wiped. `fault` is for the log (a broken batch, never a bad
 * tag); `keysGone` says that the file's keys were wiped before or meanwhile.
 */
export type WorkerReply =
  | { readonly id: number; readonly outcome: 'done'; readonly buffer: ArrayBuffer; readonly crc32?: number }
  | { readonly id: number; readonly outcome: 'refused' }
  | { readonly id: number; readonly outcome: 'keysGone' }
  | { readonly id: number; readonly outcome: 'fault'; readonly fault: string };

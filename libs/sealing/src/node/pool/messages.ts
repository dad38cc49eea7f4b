import type { BatchShape } from '../../batches.js';
import type { SegmentKeys } from '../live-keys.js';
import type { ObjectDigests } from '../object-digests.js';

/** What the pool asks of a worker. The buffer is transferred, the keys lie in shared memory. */
export interface WorkerRequest extends BatchShape {
  readonly id: number;
  readonly operation: 'seal' | 'open';
  readonly keys: SegmentKeys;
  readonly buffer: ArrayBuffer;
  /** The run belongs to a lane: its object's digests go on with it, and are in the answer to the last run. */
  readonly lane?: { readonly id: number; readonly header: Uint8Array };
}

/** A lane was left before its end; there is no answer. */
export interface LaneLeft {
  readonly operation: 'leave';
  readonly lane: number;
}

/**
 * What a worker answers. The buffer comes back transferred, or was wiped. `fault` is for the log (a broken batch, never a bad
 * tag); `keysGone` says that the file's keys were wiped before or meanwhile.
 */
export type WorkerReply =
  | { readonly id: number; readonly outcome: 'done'; readonly buffer: ArrayBuffer; readonly digests?: ObjectDigests }
  | { readonly id: number; readonly outcome: 'refused' }
  | { readonly id: number; readonly outcome: 'keysGone' }
  | { readonly id: number; readonly outcome: 'fault'; readonly fault: string };

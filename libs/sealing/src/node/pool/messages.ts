import type { BatchShape } from '../../batches.js';
import type { Suite } from '../../suite.js';

/** What the pool asks of a worker. The buffer is transferred, the keys lie in shared memory. */
export interface WorkerRequest extends BatchShape {
  readonly id: number;
  readonly operation: 'seal' | 'open';
  readonly suite: Suite;
  readonly keys: SharedArrayBuffer;
  readonly buffer: ArrayBuffer;
}

/** What a worker answers. The buffer comes back transferred; `fault` is for the log (a broken batch, never a bad tag). */
export type WorkerReply =
  | { readonly id: number; readonly outcome: 'done'; readonly buffer: ArrayBuffer }
  | { readonly id: number; readonly outcome: 'refused' }
  | { readonly id: number; readonly outcome: 'fault'; readonly fault: string };

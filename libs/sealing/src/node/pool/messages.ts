import type * as pool from '../../pool/messages.js';
import type { SegmentKeys } from '../live-keys.js';

/** What a worker is told when it starts: the native engine to load, where one was chosen. */
export interface WorkerOptions {
  readonly native: { readonly module: string; readonly path: string } | undefined;
}

/** A run that was worked on, in the buffer that came, and its CRC-32 where that was wanted. */
export interface WorkedRun {
  readonly buffer: ArrayBuffer;
  readonly crc32?: number;
}

/** The keys lie in shared memory. */
export type NodeRequest = pool.WorkerRequest<SegmentKeys>;

export type NodeReply = pool.WorkerReply<WorkedRun>;

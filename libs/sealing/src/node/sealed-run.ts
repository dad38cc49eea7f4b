import { combineCrc32 } from '../crc32.js';

/** A run of sealed segments, as it goes on the wire. */
export interface SealedRun {
  /** The part that it belongs to, from 1, and how long that part is. */
  readonly partNumber: number;
  readonly partLength: number;
  /** The run's bytes in order, to be written one after another; in front of the first one's, the header. */
  readonly bytes: readonly Buffer[];
  readonly length: number;
  /** CRC-32 of the run's bytes. */
  readonly crc32: number;
  /** To be called when the bytes have been sent: their buffers are used for what comes. Without it they are left to the collector. */
  release(): void;
}

/** A whole S3 part: 128 segments, more in large files; part 1 has the 72 bytes of the header in front, the last is shorter. */
export type SealedPart = Omit<SealedRun, 'partLength'>;

/** The part that these runs are. */
export function partOf(runs: readonly SealedRun[]): SealedPart {
  return {
    partNumber: runs[0]?.partNumber ?? 0,
    bytes: runs.flatMap(({ bytes }) => bytes),
    length: runs.reduce((sum, { length }) => sum + length, 0),
    crc32: runs.reduce((sum, run) => combineCrc32(sum, run.crc32, run.length), 0),
    release: () => runs.forEach((run) => run.release()),
  };
}

/** Does something the first time it is called. */
export function onceOnly(task: () => void): () => void {
  let done = false;
  return () => {
    if (!done) task();
    done = true;
  };
}

import { DomainError } from '@conclave/errors';
import type { BatchShape } from './batches.js';
import { fileIntegrity } from './integrity.js';

/** A worker died, or the pool was closed, while it had the batch in hand: UNAVAILABLE, for the same call may succeed later. */
export class SealingInterrupted extends DomainError {
  constructor(message: string, cause?: unknown) {
    super('UNAVAILABLE', { message, cause });
  }
}

/** The file's keys were wiped: its owner has stopped, and nothing more comes of it. */
export const keysGone = (): DomainError =>
  new DomainError('UNAVAILABLE', { message: 'the keys of the file were wiped' });

/** The refusal of a run, the same from every engine. */
export function batchRefused({ first, count }: BatchShape): Error {
  return fileIntegrity(`a segment of ${first}-${first + count - 1} does not verify`);
}

import { DomainError } from '@conclave/errors';

/**
 * The one refusal of this package. Wrong key, wrong room, a flipped bit, a cut: all look the same outside,
 * so no answer can be used as an oracle. `fact` goes to the internal log only.
 */
export function fileIntegrity(fact: string, cause?: unknown): DomainError {
  return new DomainError('FILE_INTEGRITY', { message: `sealed data refused: ${fact}`, cause });
}

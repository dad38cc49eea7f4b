import { DomainError } from '@conclave/errors';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An id that can be one; what cannot is as unknown as any other unknown id. */
export function fileIdOf(given: string): string {
  if (!uuid.test(given)) throw new DomainError('NOT_FOUND');
  return given;
}

/** Whether a string is an id at all. */
export const isId = (given: string): boolean => uuid.test(given);

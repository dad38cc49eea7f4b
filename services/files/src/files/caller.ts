import { DomainError, invalidArgument } from '@conclave/errors';
import type { Principal } from '@conclave/messaging';
import type { PresenceQuestion } from '../presence/presence.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const longestSlug = 128;

/** The question whether this caller is in the room that a request names. */
export function presenceIn(slug: string, { userId, sessionId }: Principal): PresenceQuestion {
  if (slug === '' || slug.length > longestSlug) throw invalidArgument('slug');
  return { room: { slug }, userId, sessionId };
}

/** An id that can be one; what cannot is as unknown as any other unknown id. */
export function fileIdOf(given: string): string {
  if (!uuid.test(given)) throw new DomainError('NOT_FOUND');
  return given;
}

/** Whether a string is an id at all. */
export const isId = (given: string): boolean => uuid.test(given);

import { DomainError } from '@conclave/errors';

/** Why we close a WebSocket; 4xxx are ours, the rest are of RFC 6455 and its registry. */
export const closeCodes = {
  /** A frame that is not in our words. */
  badFrame: 4400,
  /** The session has ended. */
  signedOut: 4401,
  /** Not, or no longer, in the room. */
  notInRoom: 4403,
  /** Another live socket of the same admission took this one's place. */
  replaced: 4409,
  /** Too many frames, or one too large for what it does. */
  policy: 1008,
  /** This process goes away; come back. */
  restarting: 1012,
  /** Something needed does not answer; come back later. */
  tryLater: 1013,
} as const;

/** What a refusal is to the browser behind a socket. */
export function closingOf(error: unknown): { code: number; words: string } {
  const reason = error instanceof DomainError ? error.reason : 'INTERNAL';
  switch (reason) {
    case 'UNAUTHENTICATED':
      return { code: closeCodes.signedOut, words: 'signed out' };
    case 'NOT_PRESENT':
    case 'NOT_FOUND':
    case 'PERMISSION_DENIED':
    case 'ADMISSION_ENDED':
    case 'REMOVED_FROM_ROOM':
    case 'NOT_INVITED':
      return { code: closeCodes.notInRoom, words: reason };
    case 'INVALID_ARGUMENT':
      return { code: closeCodes.badFrame, words: 'bad query' };
    default:
      return { code: closeCodes.tryLater, words: 'try again later' };
  }
}

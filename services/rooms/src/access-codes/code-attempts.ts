import type { AttemptKey, AttemptLimit } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';

/** One person at one room. */
const callerLimit: AttemptLimit = {
  free: 5,
  firstWaitSeconds: 60,
  longestWaitSeconds: 3_600,
  forgetAfterSeconds: 24 * 3_600,
};

/** All callers of one room together: a crowd of accounts guesses no faster. Waits stay short, or a crowd could lock the room. */
const roomLimit: AttemptLimit = {
  free: 50,
  firstWaitSeconds: 15,
  longestWaitSeconds: 300,
  forgetAfterSeconds: 3_600,
};

const keyOf = (roomId: string, who: string): string => `access-code:${roomId}:${who}`;

/** By what an attempt at a room's code is counted: the caller first, then everybody together. */
export const codeAttemptKeys = (roomId: string, userId: string): readonly [AttemptKey, AttemptKey] => [
  { key: keyOf(roomId, userId), limit: callerLimit, success: 'forgets' },
  { key: keyOf(roomId, 'everybody'), limit: roomLimit, success: 'gives back' },
];

/** Nobody tries the code of a deleted room, so who tried it goes with the room. */
export async function forgetCodeAttempts(em: EntityManager, roomId: string): Promise<void> {
  await em.execute('delete from attempt where key like ?', [keyOf(roomId, '%')]);
}

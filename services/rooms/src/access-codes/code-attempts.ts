import { createHmac } from 'node:crypto';
import type { AttemptKey, AttemptLimit } from '@conclave/persistence';
import { networkOf, timeOfUuidv7 } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';

/** One person at one room. */
const callerLimit: AttemptLimit = {
  free: 5,
  firstWaitSeconds: 60,
  longestWaitSeconds: 3_600,
  forgetAfterSeconds: 24 * 3_600,
};

/** Everybody of one network at one room together, new accounts apart from those that have been there for a day. */
const networkLimit = (free: number): AttemptLimit => ({
  free,
  firstWaitSeconds: 15,
  longestWaitSeconds: 300,
  forgetAfterSeconds: 3_600,
});
const youngNetworkLimit = networkLimit(10);
const grownNetworkLimit = networkLimit(30);
const grownAfterMs = 24 * 3_600_000;

/** Wrong codes of all callers at one room after which its hosts are told; once an hour. It never holds anybody up. */
const alarmLimit: AttemptLimit = {
  free: 20,
  firstWaitSeconds: 3_600,
  longestWaitSeconds: 3_600,
  forgetAfterSeconds: 3_600,
};

/** Somebody who tries a code. */
export interface CodeCaller {
  readonly userId: string;
  /** As the gateway saw it; empty where nobody knows. */
  readonly address: string;
  /** Holds an invitation, or has been in the room: the others' attempts are not theirs. */
  readonly known: boolean;
}

const keyOf = (roomId: string, who: string): string => `access-code:${roomId}:${who}`;

/** By what an attempt is counted for the caller alone. */
export const callerKey = (roomId: string, { userId }: CodeCaller): AttemptKey => ({
  key: keyOf(roomId, userId),
  limit: callerLimit,
  success: 'forgets',
});

/** By what it is counted for the caller's network; a digest, so that the table does not tell from where people come. */
export function networkKey(roomId: string, { userId, address }: CodeCaller, pepper: Buffer, now: Date): AttemptKey {
  const born = timeOfUuidv7(userId);
  const young = born === null || now.getTime() - born.getTime() < grownAfterMs;
  const network = createHmac('sha256', pepper)
    .update(`code-network\0${roomId}\0${networkOf(address)}`)
    .digest('hex');
  return {
    key: keyOf(roomId, `${young ? 'young' : 'grown'}:${network}`),
    limit: young ? youngNetworkLimit : grownNetworkLimit,
    success: 'gives back',
  };
}

/** By what wrong codes of everybody are counted, to tell hosts. */
export const alarmKey = (roomId: string): AttemptKey => ({
  key: keyOf(roomId, 'wrong'),
  limit: alarmLimit,
  success: 'forgets',
});

/** Nobody tries the code of a deleted room, so who tried it goes with the room. */
export async function forgetCodeAttempts(em: EntityManager, roomId: string): Promise<void> {
  await em.execute('delete from attempt where key like ?', [keyOf(roomId, '%')]);
}

/** Whoever tries the next code has tried none of it yet, as far as hosts need to know. */
export async function forgetCodeAlarm(em: EntityManager, roomId: string): Promise<void> {
  await em.execute('delete from attempt where key = ?', [alarmKey(roomId).key]);
}

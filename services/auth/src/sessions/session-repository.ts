import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { Session, type SessionLifetime } from './session.js';

/** A session of this person, locked until the commit; nobody else's is ever found. */
export const lockSession = (em: EntityManager, userId: string, id: string): Promise<Session | null> =>
  em.findOne(Session, { id, userId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });

/** The session with this token, locked until the commit. */
export const lockSessionByDigest = (em: EntityManager, tokenDigest: Buffer): Promise<Session | null> =>
  em.findOne(Session, { tokenDigest }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });

/** The live ones, newest first. */
export function findLiveSessions(
  em: EntityManager,
  userId: string,
  now: Date,
  lifetime: SessionLifetime,
  page: { limit: number; offset?: number },
): Promise<Session[]> {
  const idleSince = new Date(now.getTime() - lifetime.idle * 1000);
  return em.find(
    Session,
    { userId, endedAt: null, expiresAt: { $gt: now }, lastSeenAt: { $gt: idleSince } },
    { orderBy: { id: 'desc' }, limit: page.limit, offset: page.offset ?? 0, refresh: true },
  );
}

/** Removes what nobody can use any longer and no sign-in looks at. */
export async function removeUnusedSessions(em: EntityManager, userId: string, since: Date): Promise<void> {
  await em.nativeDelete(Session, { userId, lastSeenAt: { $lt: since } });
}

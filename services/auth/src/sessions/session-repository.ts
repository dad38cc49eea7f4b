import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { Device } from '../device/device.js';
import { Session, type SessionLifetime } from './session.js';

/** A session of this person, locked until the commit; nobody else's is ever found. */
export const lockSession = (em: EntityManager, userId: string, id: string): Promise<Session | null> =>
  em.findOne(Session, { id, userId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });

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

/** Whether this person has lately been signed in from this browser at this address. */
export async function isKnownDevice(em: EntityManager, userId: string, device: Device, since: Date): Promise<boolean> {
  if (device.address === '') return false;
  const { address: clientAddress, userAgent } = device;
  return (await em.count(Session, { userId, clientAddress, userAgent, lastSeenAt: { $gt: since } })) > 0;
}

/** Removes what nobody can use any longer and no sign-in looks at. */
export async function removeUnusedSessions(em: EntityManager, userId: string, since: Date): Promise<void> {
  await em.nativeDelete(Session, { userId, lastSeenAt: { $lt: since } });
}

import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Device } from './device.js';
import { Session, type SessionLifetime } from './session.js';

/** Where people are and were signed in. */
@Injectable()
export class Sessions {
  add(em: EntityManager, session: Session): void {
    em.persist(session);
  }

  /** A session of this person, held until the transaction ends; nobody else's is ever found. */
  ofUserForChange(em: EntityManager, userId: string, id: string): Promise<Session | null> {
    return em.findOne(Session, { id, userId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }

  /** The live ones, newest first. */
  liveOf(
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
      { orderBy: { id: 'desc' }, limit: page.limit, offset: page.offset ?? 0 },
    );
  }

  /** Whether this person has lately been signed in from this browser at this address. */
  async knowsDevice(em: EntityManager, userId: string, device: Device, since: Date): Promise<boolean> {
    if (device.address === '') return false;
    const { address: clientAddress, userAgent } = device;
    return (await em.count(Session, { userId, clientAddress, userAgent, lastSeenAt: { $gt: since } })) > 0;
  }

  /** Removes what nobody can use any longer and no sign-in looks at. */
  async removeUnusedSince(em: EntityManager, userId: string, since: Date): Promise<void> {
    await em.nativeDelete(Session, { userId, lastSeenAt: { $lt: since } });
  }
}

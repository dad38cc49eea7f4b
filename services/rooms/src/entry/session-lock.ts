import type { EntityManager } from '@mikro-orm/postgresql';

/** Admitting through a session and ending it happen one after the other; held until the commit. */
export const lockSession = (em: EntityManager, sessionId: string): Promise<unknown> =>
  em.execute(`select pg_advisory_xact_lock(hashtextextended('conclave.session.' || ?, 0))`, [sessionId]);

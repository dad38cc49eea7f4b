import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * Credentials that auth ended, sessions and personal tokens: a principal token lives a minute longer than what it was made from.
 * The table keeps its name from the time when sessions were the only ones.
 */
export const rememberEnded = (em: EntityManager, credentialId: string, now: Date): Promise<unknown> =>
  em.execute('insert into ended_session (session_id, ended_at) values (?, ?) on conflict do nothing', [
    credentialId,
    now,
  ]);

/** Whether it is over; whoever comes with none is held to nothing. */
export async function credentialEnded(em: EntityManager, credentialId: string): Promise<boolean> {
  if (credentialId === '') return false;
  const rows = await em.execute<unknown[]>('select 1 from ended_session where session_id = ?', [credentialId]);
  return rows.length > 0;
}

/** Forgets what ended before. */
export const forgetEnded = (em: EntityManager, before: Date): Promise<unknown> =>
  em.execute('delete from ended_session where ended_at < ?', [before]);

/** Admitting by a credential and ending it happen one after the other; held until the commit. */
export const lockCredential = (em: EntityManager, credentialId: string): Promise<unknown> =>
  em.execute(`select pg_advisory_xact_lock(hashtextextended('conclave.session.' || ?, 0))`, [credentialId]);

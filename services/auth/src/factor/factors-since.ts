import type { EntityManager } from '@mikro-orm/postgresql';
import { factorsHeld } from './factors-held.js';
import { lockFactors } from './lock-factors.js';

/**
 * Takes away what was added since a moment, when it turns out that somebody else may have had the account from then on: a passkey of theirs
 * would open it without any password. What is older stays, so that this is no way around it.
 */
export async function removeFactorsSince(em: EntityManager, userId: string, since: Date): Promise<void> {
  await lockFactors(em, userId);
  for (const table of ['totp_factor', 'passkey', 'recovery_code'])
    await em.execute(`delete from ${table} where user_id = ? and created_at >= ?`, [userId, since]);
  if ((await factorsHeld(em, userId)).length === 0)
    await em.execute('delete from recovery_code where user_id = ?', [userId]);
}

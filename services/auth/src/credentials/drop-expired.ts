import type { EntityManager } from '@mikro-orm/postgresql';

/** Tables of what somebody was given for a time. */
export type Expiring = 'address_return' | 'passkey_challenge' | 'recovery' | 'sign_in_challenge' | 'sign_up';

/** Throws away a few rows whose time is over: never many for one call, and none that another call has in hand. */
export async function dropExpired(em: EntityManager, table: Expiring, now: Date): Promise<void> {
  await em.execute(
    `delete from ${table} where ctid in (select ctid from ${table} where expires_at < ? limit 20 for update skip locked)`,
    [now],
  );
}

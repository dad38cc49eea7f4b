import { rows } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';

/** Whether somebody else has an address, or had it and may take it back. */
export async function findTaken(
  em: EntityManager,
  emailKey: string,
  userId: string | null,
  now: Date,
): Promise<boolean> {
  const found = await rows<object>(
    em,
    `select 1 from "user" where email_key = ? and id is distinct from ?::uuid
      union all select 1 from address_return where email_key = ? and user_id is distinct from ?::uuid and expires_at > ?`,
    [emailKey, userId, emailKey, userId, now],
  );
  return found.length > 0;
}

/** Whoever gives an account an address does so by itself, so that looking and writing are one step. */
export const lockAddress = (em: EntityManager, emailKey: string): Promise<unknown> =>
  em.execute(`select pg_advisory_xact_lock(hashtextextended('address ' || ?, 0))`, [emailKey]);

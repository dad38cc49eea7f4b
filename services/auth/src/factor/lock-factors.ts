import type { EntityManager } from '@mikro-orm/postgresql';

/** One change of a person's factors at a time: it holds until the commit, and those that count and add wait for one another. */
export async function lockFactors(em: EntityManager, userId: string): Promise<void> {
  await em.execute('select 1 from "user" where id = ? for no key update', [userId]);
}

import type { EntityManager } from '@mikro-orm/postgresql';
import { Person } from './person.js';

/** Writes a new person's row at once; false where somebody has the address, also who signs up at the same moment. */
export async function insertPerson(em: EntityManager, person: Person): Promise<boolean> {
  const insert = em.createQueryBuilder(Person).insert(person).onConflict('emailKey').ignore();
  const { affectedRows } = await insert.execute('run');
  return affectedRows > 0;
}

import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { Person } from './person.js';

/** A person, locked until the commit; null where the account is gone. */
export const lockPerson = (em: EntityManager, id: string): Promise<Person | null> =>
  em.findOne(Person, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });

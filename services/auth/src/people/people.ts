import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Person } from './person.js';

/** Everybody who has an account. */
@Injectable()
export class People {
  add(em: EntityManager, person: Person): void {
    em.persist(person);
  }

  byId(em: EntityManager, id: string): Promise<Person | null> {
    return em.findOne(Person, { id });
  }

  /** The person, held until the transaction ends. */
  byIdForChange(em: EntityManager, id: string): Promise<Person | null> {
    return em.findOne(Person, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }

  byEmailKey(em: EntityManager, emailKey: string): Promise<Person | null> {
    return em.findOne(Person, { emailKey });
  }

  /** Those of the ids who exist, in no order. */
  byIds(em: EntityManager, ids: readonly string[]): Promise<Person[]> {
    return em.find(Person, { id: { $in: [...ids] } });
  }
}

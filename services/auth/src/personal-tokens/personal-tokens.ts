import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { PersonalToken } from './personal-token.js';

/** The stored personal tokens. */
@Injectable()
export class PersonalTokens {
  add(em: EntityManager, token: PersonalToken): void {
    em.persist(token);
  }

  ofUser(em: EntityManager, userId: string): Promise<PersonalToken | null> {
    return em.findOne(PersonalToken, { userId });
  }

  /** The token, held until the transaction ends. */
  ofUserForChange(em: EntityManager, userId: string): Promise<PersonalToken | null> {
    return em.findOne(PersonalToken, { userId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }

  /** Whose token has this digest; always read from the database, so that a replaced one is dead at once. */
  byDigest(em: EntityManager, digest: Buffer): Promise<PersonalToken | null> {
    return em.findOne(PersonalToken, { digest });
  }
}

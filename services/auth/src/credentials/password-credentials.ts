import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { PasswordCredential } from './password-credential.js';

/** The stored passwords. */
@Injectable()
export class PasswordCredentials {
  add(em: EntityManager, credential: PasswordCredential): void {
    em.persist(credential);
  }

  ofUser(em: EntityManager, userId: string): Promise<PasswordCredential | null> {
    return em.findOne(PasswordCredential, { userId });
  }
}

import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'PasswordCredential',
  tableName: 'password_credential',
  properties: {
    userId: p.uuid().primary(),
    hash: p.text(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** A person's password, as argon2id in PHC form. */
export class PasswordCredential extends schema.class {
  static create(facts: { userId: string; hash: string; now: Date }): PasswordCredential {
    const credential = new PasswordCredential();
    credential.userId = facts.userId;
    credential.hash = facts.hash;
    credential.createdAt = facts.now;
    credential.updatedAt = facts.now;
    return credential;
  }

  /** Takes the place of the old one. */
  replace(hash: string, now: Date): void {
    this.hash = hash;
    this.updatedAt = now;
  }
}
schema.setClass(PasswordCredential);

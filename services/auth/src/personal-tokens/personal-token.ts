import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'PersonalToken',
  tableName: 'personal_token',
  properties: {
    userId: p.uuid().primary(),
    /** The credential's id; a token that takes the place of another has its own. */
    id: p.uuid().unique(),
    digest: p.blob().unique(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** The one personal token of a person: only its HMAC is kept. */
export class PersonalToken extends schema.class {
  static create(facts: { userId: string; id: string; digest: Buffer; now: Date }): PersonalToken {
    const token = new PersonalToken();
    token.userId = facts.userId;
    token.id = facts.id;
    token.digest = facts.digest;
    token.createdAt = facts.now;
    token.updatedAt = facts.now;
    return token;
  }

  /** Takes the place of the old one, which dies with this. */
  replace(id: string, digest: Buffer, now: Date): void {
    this.id = id;
    this.digest = digest;
    this.updatedAt = now;
  }
}
schema.setClass(PersonalToken);

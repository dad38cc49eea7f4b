import { defineEntity, p } from '@mikro-orm/core';
import type { DisplayName } from './display-name.js';
import type { EmailAddress } from './email-address.js';

const schema = defineEntity({
  name: 'Person',
  tableName: 'user',
  properties: {
    id: p.uuid().primary(),
    email: p.text(),
    emailKey: p.text().unique(),
    emailVerified: p.boolean(),
    displayName: p.text(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** Somebody with an account. */
export class Person extends schema.class {
  /** A new person; the address counts as unproven until a mail proves it. */
  static create(facts: { id: string; email: EmailAddress; displayName: DisplayName; now: Date }): Person {
    const person = new Person();
    person.id = facts.id;
    person.email = facts.email.address;
    person.emailKey = facts.email.key;
    person.emailVerified = false;
    person.displayName = facts.displayName;
    person.createdAt = facts.now;
    person.updatedAt = facts.now;
    return person;
  }

  /** Takes another name; false when it is the present one. */
  rename(displayName: DisplayName, now: Date): boolean {
    if (this.displayName === displayName) return false;
    this.displayName = displayName;
    this.updatedAt = now;
    return true;
  }
}
schema.setClass(Person);

import type { AddressProof } from '@conclave/contracts';
import type { EmailAddress } from '@conclave/platform';
import { defineEntity, p } from '@mikro-orm/core';
import type { DisplayName } from './display-name.js';

const schema = defineEntity({
  name: 'Person',
  tableName: 'user',
  properties: {
    id: p.uuid().primary(),
    email: p.text(),
    emailKey: p.text().unique(),
    /** For the release before; the two below say it. */
    emailVerified: p.boolean(),
    /** Null as long as the address is only typed. */
    emailVerifiedAt: p.datetime().nullable(),
    emailVerifiedBy: p.text().$type<AddressProof>().nullable(),
    displayName: p.text(),
    /** What they read, for mail; null where nobody has said it. */
    language: p.text().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** Somebody with an account. */
export class Person extends schema.class {
  /** A new person; the address counts as unproven until something proves it. */
  static create(facts: {
    id: string;
    email: EmailAddress;
    displayName: DisplayName;
    language: string;
    now: Date;
  }): Person {
    const person = new Person();
    person.id = facts.id;
    person.email = facts.email.address;
    person.emailKey = facts.email.key;
    person.emailVerified = false;
    person.emailVerifiedAt = null;
    person.emailVerifiedBy = null;
    person.displayName = facts.displayName;
    person.language = facts.language;
    person.createdAt = facts.now;
    person.updatedAt = facts.now;
    return person;
  }

  /** The address is proven, for good; false where it was already. What a message proves counts for more than what a host's link does. */
  proveAddress(by: AddressProof, now: Date): boolean {
    if (this.emailVerifiedBy && !(this.emailVerifiedBy === 'invitation' && by !== 'invitation')) return false;
    this.emailVerified = true;
    this.emailVerifiedAt = now;
    this.emailVerifiedBy = by;
    this.updatedAt = now;
    return true;
  }

  /** Takes another address, which nothing has proven yet. */
  moveTo(email: EmailAddress, now: Date): void {
    this.email = email.address;
    this.emailKey = email.key;
    this.emailVerified = false;
    this.emailVerifiedAt = null;
    this.emailVerifiedBy = null;
    this.updatedAt = now;
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

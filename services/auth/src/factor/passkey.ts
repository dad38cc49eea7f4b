import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'Passkey',
  tableName: 'passkey',
  properties: {
    id: p.uuid().primary(),
    userId: p.uuid(),
    name: p.text(),
    /** What the authenticator calls it, base64url. */
    credentialId: p.text().unique(),
    /** COSE. */
    publicKey: p.blob(),
    /** What the authenticator has counted; 0 for those that do not count. */
    counter: p.bigint('number'),
    lastUsedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** A key pair of a person whose private half lies in their device. */
export class Passkey extends schema.class {
  static create(facts: {
    id: string;
    userId: string;
    name: string;
    credentialId: string;
    publicKey: Buffer;
    counter: number;
    now: Date;
  }): Passkey {
    const passkey = new Passkey();
    passkey.id = facts.id;
    passkey.userId = facts.userId;
    passkey.name = facts.name;
    passkey.credentialId = facts.credentialId;
    passkey.publicKey = facts.publicKey;
    passkey.counter = facts.counter;
    passkey.lastUsedAt = null;
    passkey.createdAt = facts.now;
    passkey.updatedAt = facts.now;
    return passkey;
  }

  /** It was used, and its device has counted so far. */
  used(counter: number, now: Date): void {
    this.counter = counter;
    this.lastUsedAt = now;
    this.updatedAt = now;
  }
}
schema.setClass(Passkey);

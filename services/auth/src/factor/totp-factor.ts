import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'TotpFactor',
  tableName: 'totp_factor',
  properties: {
    id: p.uuid().primary(),
    userId: p.uuid(),
    name: p.text(),
    sealedSecret: p.blob(),
    /** The step of the last code that counted: it and those before it are worth nothing any more. */
    lastStep: p.bigint('number'),
    /** Null until a code has shown that the app holds the secret; it is no factor before. */
    confirmedAt: p.datetime().nullable(),
    lastUsedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** An authenticator app of a person. */
export class TotpFactor extends schema.class {
  static begin(facts: { id: string; userId: string; name: string; sealedSecret: Buffer; now: Date }): TotpFactor {
    const factor = new TotpFactor();
    factor.id = facts.id;
    factor.userId = facts.userId;
    factor.name = facts.name;
    factor.sealedSecret = facts.sealedSecret;
    factor.lastStep = 0;
    factor.confirmedAt = null;
    factor.lastUsedAt = null;
    factor.createdAt = facts.now;
    factor.updatedAt = facts.now;
    return factor;
  }

  /** Takes the code of a step; false where that step, or a later one, was taken before. */
  take(step: number, now: Date): boolean {
    if (step <= this.lastStep) return false;
    this.lastStep = step;
    this.lastUsedAt = now;
    this.updatedAt = now;
    return true;
  }

  /** From now on it is a factor. */
  confirm(now: Date): void {
    this.confirmedAt = now;
    this.updatedAt = now;
  }
}
schema.setClass(TotpFactor);

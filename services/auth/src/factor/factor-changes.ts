import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { factorsHeld } from './factors-held.js';
import { FreshProof } from './fresh-proof.js';
import { lockFactors } from './lock-factors.js';
import { RecoveryCodes } from './recovery-codes.js';

/** A factor in the words of the audit trail. */
export interface ChangedFactor {
  readonly kind: 'totp' | 'passkey';
  readonly factorId: string;
}

/** Changes of a person's factors: one at a time, by whoever has just proven who they are, each in the audit trail. */
@Injectable()
export class FactorChanges {
  constructor(
    private readonly transaction: Transaction,
    private readonly proof: FreshProof,
    private readonly recovery: RecoveryCodes,
    private readonly audit: AuthAudit,
  ) {}

  /** @throws DomainError PROOF_REQUIRED, PERMISSION_DENIED */
  run<Result>(principal: Principal, change: (em: EntityManager) => Promise<Result>): Promise<Result> {
    return this.transaction.run(async (em) => {
      await lockFactors(em, principal.userId);
      await this.proof.require(em, principal);
      return change(em);
    });
  }

  /** A factor came: the recovery codes that come with the first one. The last thing in the transaction. */
  async added(em: EntityManager, { userId, sessionId }: Principal, factor: ChangedFactor): Promise<string[]> {
    const made = (await this.recovery.left(em, userId)) > 0 ? [] : await this.recovery.renew(em, userId);
    await this.audit.record(em, { action: 'factor.added', userId, sessionId, detail: { ...factor } });
    return made;
  }

  /** A factor went, and with the last one the recovery codes: there is nothing to recover any more. The last thing in the transaction. */
  async removed(em: EntityManager, { userId, sessionId }: Principal, factor: ChangedFactor): Promise<void> {
    if ((await factorsHeld(em, userId)).length === 0) await this.recovery.drop(em, userId);
    await this.audit.record(em, { action: 'factor.removed', userId, sessionId, detail: { ...factor } });
  }
}

import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { factorsHeld } from '../factor/factors-held.js';
import { FreshProof } from '../factor/fresh-proof.js';
import { lockFactors } from '../factor/lock-factors.js';
import { Passkey } from '../factor/passkey.js';
import { RecoveryCodes } from '../factor/recovery-codes.js';

/** Takes a passkey away. With the last factor the recovery codes go. */
@Injectable()
export class RemovePasskey {
  constructor(
    private readonly transaction: Transaction,
    private readonly proof: FreshProof,
    private readonly recovery: RecoveryCodes,
    private readonly audit: AuthAudit,
  ) {}

  /** @throws DomainError NOT_FOUND, PROOF_REQUIRED, PERMISSION_DENIED */
  async execute(
    principal: Principal,
    { id }: auth.RemovePasskeyRequest,
  ): Promise<Answer<typeof auth.FactorsService.method.removePasskey>> {
    const { userId, sessionId } = principal;
    await this.transaction.run(async (em) => {
      await lockFactors(em, userId);
      await this.proof.require(em, principal);
      if ((await em.nativeDelete(Passkey, { id, userId })) === 0) throw new DomainError('NOT_FOUND');
      if ((await factorsHeld(em, userId)).length === 0) await this.recovery.drop(em, userId);
      const detail = { kind: 'passkey', factorId: id };
      await this.audit.record(em, { action: 'factor.removed', userId, sessionId, detail });
    });
    return {};
  }
}

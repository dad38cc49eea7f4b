import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { LockMode } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { CountedCheck } from '../credentials/counted-check.js';
import { GuessLimits } from '../credentials/guess-limits.js';
import { FactorCodes } from '../factor/factor-codes.js';
import { FreshProof } from '../factor/fresh-proof.js';
import { lockFactors } from '../factor/lock-factors.js';
import { RecoveryCodes } from '../factor/recovery-codes.js';
import { TotpFactor } from '../factor/totp-factor.js';

/** The app shows the right codes: it is a factor from now on. With the first one come the recovery codes. */
@Injectable()
export class ConfirmTotp {
  constructor(
    private readonly transaction: Transaction,
    private readonly proof: FreshProof,
    private readonly check: CountedCheck,
    private readonly limits: GuessLimits,
    private readonly codes: FactorCodes,
    private readonly recovery: RecoveryCodes,
    private readonly audit: AuthAudit,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError NOT_FOUND, FACTOR_WRONG, PROOF_REQUIRED, PERMISSION_DENIED, RATE_LIMITED */
  async execute(
    principal: Principal,
    request: auth.ConfirmTotpRequest,
  ): Promise<Answer<typeof auth.FactorsService.method.confirmTotp>> {
    let recoveryCodes: string[] | undefined;
    const right = await this.check.run(this.limits.forConfirmation(principal.userId), async () => {
      recoveryCodes = await this.confirm(principal, request);
      return recoveryCodes !== undefined;
    });
    if (!right || !recoveryCodes) throw new DomainError('FACTOR_WRONG');
    return { recoveryCodes };
  }

  /** The recovery codes that were made; undefined where the code is wrong. */
  private confirm(principal: Principal, { id, code }: auth.ConfirmTotpRequest): Promise<string[] | undefined> {
    const { userId, sessionId } = principal;
    return this.transaction.run(async (em) => {
      await lockFactors(em, userId);
      await this.proof.require(em, principal);
      const begun = { id, userId, confirmedAt: null };
      const factor = await em.findOne(TotpFactor, begun, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
      if (!factor) throw new DomainError('NOT_FOUND');
      if (!this.codes.takeOf(factor, code)) return undefined;
      factor.confirm(this.clock.now());
      const made = (await this.recovery.left(em, userId)) > 0 ? [] : await this.recovery.renew(em, userId);
      await this.audit.record(em, {
        action: 'factor.added',
        userId,
        sessionId,
        detail: { kind: 'totp', factorId: id },
      });
      return made;
    });
  }
}

import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Clock } from '@conclave/platform';
import { LockMode } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CountedCheck } from '../credentials/counted-check.js';
import { GuessLimits } from '../credentials/guess-limits.js';
import { FactorChanges } from '../factor/factor-changes.js';
import { FactorCodes } from '../factor/factor-codes.js';
import { TotpFactor } from '../factor/totp-factor.js';

/** The app shows the right codes: it is a factor from now on. With the first one come the recovery codes. */
@Injectable()
export class ConfirmTotp {
  constructor(
    private readonly changes: FactorChanges,
    private readonly check: CountedCheck,
    private readonly limits: GuessLimits,
    private readonly codes: FactorCodes,
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
    const { userId } = principal;
    return this.changes.run(principal, async (em) => {
      const begun = { id, userId, confirmedAt: null };
      const factor = await em.findOne(TotpFactor, begun, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
      if (!factor) throw new DomainError('NOT_FOUND');
      if (!this.codes.takeOf(factor, code)) return undefined;
      factor.confirm(this.clock.now());
      return this.changes.added(em, principal, { kind: 'totp', factorId: id });
    });
  }
}

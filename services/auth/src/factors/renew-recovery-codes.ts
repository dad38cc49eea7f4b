import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { FactorChanges } from '../factor/factor-changes.js';
import { factorsHeld } from '../factor/factors-held.js';
import { RecoveryCodes } from '../factor/recovery-codes.js';

/** Makes new recovery codes; the old ones are worth nothing any more. */
@Injectable()
export class RenewRecoveryCodes {
  constructor(
    private readonly changes: FactorChanges,
    private readonly recovery: RecoveryCodes,
    private readonly audit: AuthAudit,
  ) {}

  /** @throws DomainError PROOF_REQUIRED, PERMISSION_DENIED, CONFLICT where there is no factor that they could stand in for */
  execute(principal: Principal): Promise<Answer<typeof auth.FactorsService.method.renewRecoveryCodes>> {
    const { userId, sessionId } = principal;
    return this.changes.run(principal, async (em) => {
      if ((await factorsHeld(em, userId)).length === 0) throw new DomainError('CONFLICT');
      const recoveryCodes = await this.recovery.renew(em, userId);
      await this.audit.record(em, { action: 'factor.recovery-codes-renewed', userId, sessionId });
      return { recoveryCodes };
    });
  }
}

import { DomainError } from '@conclave/errors';
import type { Principal } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { FactorChanges, type ChangedFactor } from '../factor/factor-changes.js';
import { Passkey } from '../factor/passkey.js';
import { TotpFactor } from '../factor/totp-factor.js';

/** Takes an authenticator app or a passkey away. */
@Injectable()
export class RemoveFactor {
  constructor(private readonly changes: FactorChanges) {}

  /** @throws DomainError NOT_FOUND, PROOF_REQUIRED, PERMISSION_DENIED */
  async execute(principal: Principal, factor: ChangedFactor): Promise<Record<string, never>> {
    const mine = { id: factor.factorId, userId: principal.userId };
    await this.changes.run(principal, async (em) => {
      const gone =
        factor.kind === 'passkey' ? await em.nativeDelete(Passkey, mine) : await em.nativeDelete(TotpFactor, mine);
      if (gone === 0) throw new DomainError('NOT_FOUND');
      await this.changes.removed(em, principal, factor);
    });
    return {};
  }
}

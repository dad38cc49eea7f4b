import { auth, timestampFromDate } from '@conclave/contracts';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { Passkey } from '../factor/passkey.js';
import { RecoveryCodes } from '../factor/recovery-codes.js';
import { TotpFactor } from '../factor/totp-factor.js';

/** What the caller has besides the password. */
@Injectable()
export class ListFactors {
  constructor(
    private readonly transaction: Transaction,
    private readonly recovery: RecoveryCodes,
  ) {}

  execute({ userId }: Principal): Promise<Answer<typeof auth.FactorsService.method.listFactors>> {
    return this.transaction.run(async (em) => {
      const confirmed = { userId, confirmedAt: { $ne: null } };
      const totp = await em.find(TotpFactor, confirmed, { orderBy: { id: 'asc' }, refresh: true });
      const passkeys = await em.find(Passkey, { userId }, { orderBy: { id: 'asc' }, refresh: true });
      return {
        factors: [
          ...passkeys.map((passkey) => factorMessage(auth.FactorKind.PASSKEY, passkey)),
          ...totp.map((app) => factorMessage(auth.FactorKind.TOTP, app)),
        ],
        recoveryCodesLeft: await this.recovery.left(em, userId),
      };
    });
  }
}

const factorMessage = (kind: auth.FactorKind, { id, name, createdAt, lastUsedAt }: TotpFactor | Passkey) => ({
  id,
  kind,
  name,
  createdAt: timestampFromDate(createdAt),
  ...(lastUsedAt && { lastUsedAt: timestampFromDate(lastUsedAt) }),
});

import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { FactorChanges } from '../factor/factor-changes.js';
import { PasskeyChallenges, passkeyTimeoutMs } from '../factor/passkey-challenges.js';
import { Passkey } from '../factor/passkey.js';
import { handleOf, Passkeys } from '../factor/passkeys.js';

/** Passkeys that a person may have. */
export const mostPasskeys = 10;

/** What a device needs to make a passkey for the caller. */
@Injectable()
export class BeginAddPasskey {
  constructor(
    private readonly changes: FactorChanges,
    private readonly passkeys: Passkeys,
    private readonly challenges: PasskeyChallenges,
  ) {}

  /** @throws DomainError PROOF_REQUIRED, PERMISSION_DENIED, CONFLICT where there are as many as may be */
  execute(principal: Principal): Promise<Answer<typeof auth.FactorsService.method.beginAddPasskey>> {
    const { userId, email, displayName } = principal;
    return this.changes.run(principal, async (em) => {
      const known = await em.find(Passkey, { userId }, { refresh: true });
      if (known.length >= mostPasskeys) throw new DomainError('CONFLICT');
      const { token: passkeyToken, challenge } = await this.challenges.begin(em, userId);
      return {
        challenge,
        passkeyToken,
        host: this.passkeys.host,
        userHandle: handleOf(userId),
        userName: email,
        displayName,
        known: known.map(({ credentialId }) => credentialId),
        timeoutMs: passkeyTimeoutMs,
      };
    });
  }
}

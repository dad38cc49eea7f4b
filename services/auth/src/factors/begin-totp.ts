import type { auth } from '@conclave/contracts';
import { visibleName } from '@conclave/contracts/visible';
import { DomainError, invalidArgument } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Clock, Ids } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { FactorChanges } from '../factor/factor-changes.js';
import { SecretSeal } from '../factor/secret-seal.js';
import { base32, totpSecretBytes, totpUri } from '../factor/totp-code.js';
import { TotpFactor } from '../factor/totp-factor.js';

/** Authenticator apps that a person may have. */
const mostApps = 10;

/** Makes a secret for an authenticator app. It is no factor before a code of it was seen, and makes way for the next one that is begun. */
@Injectable()
export class BeginTotp {
  constructor(
    private readonly changes: FactorChanges,
    private readonly seal: SecretSeal,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @throws DomainError PROOF_REQUIRED, PERMISSION_DENIED, CONFLICT where there are as many as may be, INVALID_ARGUMENT */
  async execute(
    principal: Principal,
    request: auth.BeginTotpRequest,
  ): Promise<Answer<typeof auth.FactorsService.method.beginTotp>> {
    const name = visibleName(request.name);
    if (name === null) throw invalidArgument('name');
    const { userId, email } = principal;
    const [id, secret] = [this.ids.uuidv7(), this.ids.bytes(totpSecretBytes)];
    await this.changes.run(principal, async (em) => {
      await em.nativeDelete(TotpFactor, { userId, confirmedAt: null });
      if ((await em.count(TotpFactor, { userId })) >= mostApps) throw new DomainError('CONFLICT');
      const sealedSecret = this.seal.seal({ userId, factorId: id }, secret);
      em.persist(TotpFactor.begin({ id, userId, name, sealedSecret, now: this.clock.now() }));
    });
    return { id, secret: base32(secret), uri: totpUri(secret, email) };
  }
}

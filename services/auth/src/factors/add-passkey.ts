import type { auth } from '@conclave/contracts';
import { visibleName } from '@conclave/contracts/visible';
import { DomainError, invalidArgument } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { FactorChanges } from '../factor/factor-changes.js';
import { Passkey } from '../factor/passkey.js';
import { Passkeys } from '../factor/passkeys.js';
import { mostPasskeys } from './begin-add-passkey.js';

/** Keeps a passkey that a device of the caller has made. With the first factor come the recovery codes. */
@Injectable()
export class AddPasskey {
  constructor(
    private readonly changes: FactorChanges,
    private readonly passkeys: Passkeys,
  ) {}

  /** @throws DomainError FACTOR_WRONG, PROOF_REQUIRED, PERMISSION_DENIED, CONFLICT, INVALID_ARGUMENT */
  async execute(
    principal: Principal,
    request: auth.AddPasskeyRequest,
  ): Promise<Answer<typeof auth.FactorsService.method.addPasskey>> {
    const name = visibleName(request.name);
    if (name === null) throw invalidArgument('name');
    const recoveryCodes = await this.add(principal, name, request);
    if (!recoveryCodes) throw new DomainError('FACTOR_WRONG');
    return { recoveryCodes };
  }

  /** The recovery codes that were made; undefined where what the device says does not hold. */
  private add(principal: Principal, name: string, request: auth.AddPasskeyRequest): Promise<string[] | undefined> {
    const { userId } = principal;
    return this.changes.run(principal, async (em) => {
      const passkey = await this.passkeys.make(em, request.passkeyToken, { userId, name }, request);
      if (!passkey) return undefined;
      const { id: factorId, credentialId } = passkey;
      // A key belongs to one account: whoever could name another's would be taken for them.
      const taken = await em.count(Passkey, { credentialId });
      if (taken > 0 || (await em.count(Passkey, { userId })) >= mostPasskeys) throw new DomainError('CONFLICT');
      em.persist(passkey);
      return this.changes.added(em, principal, { kind: 'passkey', factorId });
    });
  }
}

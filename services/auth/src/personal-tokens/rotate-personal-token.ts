import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { CountedCheck } from '../credentials/counted-check.js';
import { GuessLimits } from '../credentials/guess-limits.js';
import { PasswordCredential } from '../credentials/password-credential.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { readPassword } from '../credentials/password.js';
import { factorsHeld } from '../factor/factors-held.js';
import { FreshProof } from '../factor/fresh-proof.js';
import { PersonalTokenIssue } from './personal-token-issue.js';

/** Gives the caller a new personal token. The password is asked again: a borrowed session must not take the token over. */
@Injectable()
export class RotatePersonalToken {
  constructor(
    private readonly transaction: Transaction,
    private readonly check: CountedCheck,
    private readonly limits: GuessLimits,
    private readonly hasher: PasswordHasher,
    private readonly proof: FreshProof,
    private readonly issue: PersonalTokenIssue,
    private readonly audit: AuthAudit,
  ) {}

  /** @returns the new token; the old one is dead once this returns. @throws DomainError CREDENTIALS_WRONG, PROOF_REQUIRED, RATE_LIMITED, BUSY */
  async execute(
    principal: Principal,
    request: auth.RotatePersonalTokenRequest,
  ): Promise<Answer<typeof auth.PersonalTokensService.method.rotatePersonalToken>> {
    const { userId } = principal;
    const password = readPassword(request.password);
    // Who has a second factor has proven it lately: the password alone may have been seen.
    await this.transaction.run(async (em) => {
      if ((await factorsHeld(em, userId)).length > 0) await this.proof.require(em, principal);
    });
    const credential = await this.transaction.run((em) =>
      em.findOne(PasswordCredential, { userId }, { refresh: true }),
    );
    const proven = await this.check.run(this.limits.forConfirmation(userId), () =>
      this.hasher.verify(password, credential?.hash, { person: userId, network: '', known: true }),
    );
    if (!proven) return this.refuse(userId);
    return this.transaction.run(async (em) => {
      const personalToken = await this.issue.again(em, userId);
      await this.audit.record(em, { action: 'personal-token.rotated', userId });
      return { personalToken };
    });
  }

  private async refuse(userId: string): Promise<never> {
    await this.transaction.run((em) => this.audit.record(em, { action: 'personal-token.rotation-failed', userId }));
    throw new DomainError('CREDENTIALS_WRONG');
  }
}

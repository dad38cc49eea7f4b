import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { CountedCheck } from '../credentials/counted-check.js';
import { GuessLimits } from '../credentials/guess-limits.js';
import { TokenDigest } from '../credentials/token-digest.js';
import { PersonalToken } from './personal-token.js';
import { readPersonalToken } from './token-text.js';

/** Proves that a personal token is the caller's own; somebody else's is as wrong as an invented one. */
@Injectable()
export class VerifyPersonalToken {
  constructor(
    private readonly transaction: Transaction,
    private readonly digest: TokenDigest,
    private readonly check: CountedCheck,
    private readonly limits: GuessLimits,
  ) {}

  /** @throws DomainError PERSONAL_TOKEN_WRONG, RATE_LIMITED */
  async execute(
    { userId }: Principal,
    { personalToken }: auth.VerifyPersonalTokenRequest,
  ): Promise<Answer<typeof auth.PersonalTokensService.method.verifyPersonalToken>> {
    await this.require(userId, personalToken);
    return {};
  }

  /** @throws DomainError PERSONAL_TOKEN_WRONG, RATE_LIMITED */
  async require(userId: string, personalToken: string): Promise<void> {
    const right = await this.check.run(this.limits.forDoor(userId), () => this.matches(userId, personalToken));
    if (!right) throw new DomainError('PERSONAL_TOKEN_WRONG');
  }

  private async matches(userId: string, personalToken: string): Promise<boolean> {
    const typed = readPersonalToken(personalToken);
    const stored = await this.transaction.run((em) => em.findOne(PersonalToken, { userId }, { refresh: true }));
    return typed !== undefined && stored !== null && this.digest.matches(typed, stored.digest);
  }
}

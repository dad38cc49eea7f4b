import { DomainError } from '@conclave/errors';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { TokenDigest } from '../credentials/token-digest.js';
import { PersonalTokens } from './personal-tokens.js';
import { readPersonalToken } from './token-text.js';

/** The caller and the token as typed at the door. */
export interface VerifyPersonalTokenCommand {
  readonly userId: string;
  readonly personalToken: string;
}

/** Proves that a personal token is the caller's own; somebody else's is as wrong as an invented one. */
@Injectable()
export class VerifyPersonalToken {
  constructor(
    private readonly transaction: Transaction,
    private readonly tokens: PersonalTokens,
    private readonly digest: TokenDigest,
  ) {}

  /** @throws DomainError PERSONAL_TOKEN_WRONG */
  async execute({ userId, personalToken }: VerifyPersonalTokenCommand): Promise<void> {
    const typed = readPersonalToken(personalToken);
    const stored = await this.transaction.run((em) => this.tokens.ofUser(em, userId));
    if (!typed || !stored || !this.digest.matches(typed, stored.digest)) throw new DomainError('PERSONAL_TOKEN_WRONG');
  }
}

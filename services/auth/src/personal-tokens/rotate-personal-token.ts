import { DomainError } from '@conclave/errors';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { Allowances } from '../credentials/allowances.js';
import { PasswordCredentials } from '../credentials/password-credentials.js';
import { PasswordProof } from '../credentials/password-proof.js';
import { readPassword } from '../credentials/password.js';
import { PersonalTokenIssue } from './personal-token-issue.js';

/** The caller and the proof that it is they. */
export interface RotatePersonalTokenCommand {
  readonly userId: string;
  readonly password: string;
}

/** Gives the caller a new personal token. The password is asked again: a borrowed session must not take the token over. */
@Injectable()
export class RotatePersonalToken {
  constructor(
    private readonly transaction: Transaction,
    private readonly credentials: PasswordCredentials,
    private readonly proof: PasswordProof,
    private readonly allowances: Allowances,
    private readonly issue: PersonalTokenIssue,
    private readonly audit: AuthAudit,
  ) {}

  /** @returns the new token; the old one is dead once this returns. @throws DomainError CREDENTIALS_WRONG, RATE_LIMITED, BUSY */
  async execute(command: RotatePersonalTokenCommand): Promise<string> {
    const { userId } = command;
    const password = readPassword(command.password);
    const credential = await this.transaction.run((em) => this.credentials.ofUser(em, userId));
    const proven = await this.proof.holds(password, credential?.hash, this.allowances.forConfirmation(userId));
    if (!proven) return this.refuse(userId);
    return this.transaction.run(async (em) => {
      const token = await this.issue.again(em, userId);
      await this.audit.record(em, { action: 'personal-token.rotated', userId });
      return token;
    });
  }

  private async refuse(userId: string): Promise<never> {
    await this.transaction.run((em) => this.audit.record(em, { action: 'personal-token.rotation-failed', userId }));
    throw new DomainError('CREDENTIALS_WRONG');
  }
}

import { Transaction } from '@conclave/persistence';
import { Clock, networkOf, type EmailAddress } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { CountedCheck } from '../credentials/counted-check.js';
import { GuessLimits } from '../credentials/guess-limits.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import type { Password } from '../credentials/password.js';
import type { Device } from '../device/device.js';
import { readLanguage } from '../letters/language.js';
import { MailOutbox } from '../mail/mail-outbox.js';
import { findTaken } from '../people/address-taken.js';
import type { DisplayName } from '../people/display-name.js';
import { PendingSignUps, signUpSeconds } from './pending-sign-ups.js';

/** What somebody typed, read. */
export interface SignUpWish {
  readonly email: EmailAddress;
  readonly displayName: DisplayName;
  readonly password: Password;
  readonly device: Device;
  readonly language: string;
}

/**
 * Keeps what a sign-up wants and mails a proof to its address. An address that has an account gets another message, and nothing else
 * differs: the same rows, the same work, the same answer.
 */
@Injectable()
export class StartSignUp {
  constructor(
    private readonly transaction: Transaction,
    private readonly hasher: PasswordHasher,
    private readonly check: CountedCheck,
    private readonly limits: GuessLimits,
    private readonly pending: PendingSignUps,
    private readonly mail: MailOutbox,
    private readonly audit: AuthAudit,
    private readonly clock: Clock,
  ) {}

  /** @returns what the browser is known by when it brings the proof. @throws DomainError RATE_LIMITED, BUSY */
  async execute({ email, displayName, password, device, language: wanted }: SignUpWish): Promise<string> {
    const turn = { person: '', network: networkOf(device.address), known: false };
    const language = readLanguage(wanted);
    let token = '';
    await this.check.take(this.limits.forMail(email.key, device), async () => {
      const passwordHash = await this.hasher.hash(password, turn);
      token = await this.transaction.run(async (em) => {
        const taken = await findTaken(em, email.key, null, this.clock.now());
        const secrets = await this.pending.add(em, { email, displayName, passwordHash, language });
        const to = { address: email.address, language };
        const expiresAt = this.clock.after(signUpSeconds);
        if (taken) await this.mail.add(em, 'sign-up-known', to, {}, expiresAt);
        else await this.mail.add(em, 'sign-up', to, { code: secrets.code, token: secrets.linkToken }, expiresAt);
        await this.audit.record(em, { action: 'sign-up.started', userId: undefined });
        return secrets.browserToken;
      });
    });
    return token;
  }
}

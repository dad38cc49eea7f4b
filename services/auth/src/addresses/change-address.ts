import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, readEmailAddress } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { CountedCheck } from '../credentials/counted-check.js';
import { GuessLimits } from '../credentials/guess-limits.js';
import { PasswordCredential } from '../credentials/password-credential.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { readPassword } from '../credentials/password.js';
import { readDevice } from '../device/device.js';
import { MailOutbox } from '../mail/mail-outbox.js';
import { findTaken } from '../people/address-taken.js';
import { Person } from '../people/person.js';
import { AddressChanges, changeSeconds } from './address-changes.js';

/**
 * Mails a proof to the address that the caller wants. The password is asked again, as for all that a borrowed session must not do. An
 * address that somebody has gets another message, and the caller is not told.
 */
@Injectable()
export class ChangeAddress {
  constructor(
    private readonly transaction: Transaction,
    private readonly check: CountedCheck,
    private readonly limits: GuessLimits,
    private readonly hasher: PasswordHasher,
    private readonly changes: AddressChanges,
    private readonly mail: MailOutbox,
    private readonly audit: AuthAudit,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError CREDENTIALS_WRONG, MAIL_OFF, RATE_LIMITED, INVALID_ARGUMENT, BUSY */
  async execute(
    { userId }: Principal,
    request: auth.ChangeAddressRequest,
  ): Promise<Answer<typeof auth.AddressesService.method.changeAddress>> {
    if (!this.mail.works) throw new DomainError('MAIL_OFF');
    const email = readEmailAddress(request.email);
    const device = readDevice({ ...request, userAgent: '', deviceToken: '' });
    await this.confirm(userId, request.password);
    await this.check.take(this.limits.forMail(email.key, device), () =>
      this.transaction.run(async (em) => {
        const person = await em.findOne(Person, { id: userId }, { refresh: true });
        if (!person) throw new DomainError('UNAUTHENTICATED');
        const taken = await findTaken(em, email.key, userId, this.clock.now());
        const secrets = await this.changes.put(em, userId, email);
        const to = { address: email.address, language: taken ? '' : (person.language ?? request.language) };
        const expiresAt = this.clock.after(changeSeconds);
        if (taken) await this.mail.add(em, 'address-known', to, {}, expiresAt);
        else await this.mail.add(em, 'address-proof', to, secrets, expiresAt);
        await this.audit.record(em, { action: 'address.change-started', userId });
      }),
    );
    return {};
  }

  private async confirm(userId: string, typed: string): Promise<void> {
    const password = readPassword(typed);
    const credential = await this.transaction.run((em) =>
      em.findOne(PasswordCredential, { userId }, { refresh: true }),
    );
    const proven = await this.check.run(this.limits.forConfirmation(userId), () =>
      this.hasher.verify(password, credential?.hash, { person: userId, network: '', known: true }),
    );
    if (!proven) throw new DomainError('CREDENTIALS_WRONG');
  }
}

import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, readEmailAddress } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { PasswordCredential } from '../credentials/password-credential.js';
import { removeFactorsSince } from '../factor/factors-since.js';
import { MailOutbox } from '../mail/mail-outbox.js';
import { AccountNews } from '../people/account-news.js';
import { findTaken, lockAddress } from '../people/address-taken.js';
import { lockPerson } from '../people/lock-person.js';
import { PersonalTokenIssue } from '../personal-tokens/personal-token-issue.js';
import { recoverySeconds, RecoveryTokens } from '../recovery/recovery-tokens.js';
import { EveryCredential } from '../sessions/every-credential.js';
import { AddressReturns } from './address-returns.js';

/**
 * Gives an account its former address back, for whoever opened the link that was mailed there. Everybody is out: whoever changed the address
 * knew the password, so that opens nothing any more, and a link for a new one is mailed to the address. Factors that were added since the change go too.
 */
@Injectable()
export class ReturnAddress {
  constructor(
    private readonly transaction: Transaction,
    private readonly returns: AddressReturns,
    private readonly everything: EveryCredential,
    private readonly personalTokens: PersonalTokenIssue,
    private readonly recovery: RecoveryTokens,
    private readonly mail: MailOutbox,
    private readonly news: AccountNews,
    private readonly audit: AuthAudit,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError MAIL_PROOF_OVER, EMAIL_TAKEN */
  async execute({
    token,
  }: auth.ReturnAddressRequest): Promise<Answer<typeof auth.AddressesService.method.returnAddress>> {
    const found = await this.transaction.run((em) => this.returns.find(em, token));
    if (!found) throw new DomainError('MAIL_PROOF_OVER');
    const { userId } = found;
    const email = readEmailAddress(found.email);
    const now = this.clock.now();
    await this.transaction.run(async (em) => {
      await lockAddress(em, email.key);
      const person = await lockPerson(em, userId);
      if (!person || !(await this.returns.use(em, found))) throw new DomainError('MAIL_PROOF_OVER');
      if (await findTaken(em, email.key, userId, now)) throw new DomainError('EMAIL_TAKEN');
      person.moveTo(email, now);
      person.proveAddress('mail', now);
      await this.everything.end(em, userId);
      await this.personalTokens.revoke(em, userId);
      await removeFactorsSince(em, userId, found.createdAt);
      await em.nativeDelete(PasswordCredential, { userId });
      await em.execute('delete from address_change where user_id = ?', [userId]);
      await em.execute('delete from recovery where user_id = ?', [userId]);
      const to = { address: email.address, language: person.language ?? '' };
      const way = await this.recovery.add(em, userId);
      await this.mail.add(em, 'recovery', to, { token: way }, this.clock.after(recoverySeconds));
      this.news.changed(em, userId);
      await this.audit.record(em, { action: 'address.returned', userId });
    });
    return {};
  }
}

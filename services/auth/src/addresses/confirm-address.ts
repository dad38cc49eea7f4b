import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, readEmailAddress } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { readMailedCode } from '../accounts/mailed-code.js';
import { AuthAudit } from '../audit/auth-audit.js';
import { MailOutbox } from '../mail/mail-outbox.js';
import { accountMessage } from '../people/account-message.js';
import { AccountNews } from '../people/account-news.js';
import { findTaken, lockAddress } from '../people/address-taken.js';
import { lockPerson } from '../people/lock-person.js';
import type { Person } from '../people/person.js';
import { AddressChanges, mostCodeTries, type AddressChange } from './address-changes.js';
import { AddressReturns, returnSeconds } from './address-returns.js';

/** Gives the caller's account the address that is proven now. The one before is told, and can take the account back for seven days. */
@Injectable()
export class ConfirmAddress {
  constructor(
    private readonly transaction: Transaction,
    private readonly changes: AddressChanges,
    private readonly returns: AddressReturns,
    private readonly mail: MailOutbox,
    private readonly news: AccountNews,
    private readonly audit: AuthAudit,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError MAIL_CODE_WRONG, MAIL_PROOF_OVER, EMAIL_TAKEN, UNAUTHENTICATED */
  async execute(
    { userId }: Principal,
    { token, code }: auth.ConfirmAddressRequest,
  ): Promise<Answer<typeof auth.AddressesService.method.confirmAddress>> {
    const change = token === '' ? await this.byCode(userId, code) : await this.byLink(userId, token);
    const email = readEmailAddress(change.email);
    const now = this.clock.now();
    return this.transaction.run(async (em) => {
      await lockAddress(em, email.key);
      const person = await lockPerson(em, userId);
      if (!person) throw new DomainError('UNAUTHENTICATED');
      if (!(await this.changes.use(em, change.id))) throw new DomainError('MAIL_PROOF_OVER');
      const former = { email: person.email, emailKey: person.emailKey, proven: person.emailVerifiedBy !== null };
      const another = email.key !== former.emailKey;
      if (another) {
        if (await findTaken(em, email.key, userId, now)) throw new DomainError('EMAIL_TAKEN');
        person.moveTo(email, now);
      }
      person.proveAddress('mail', now);
      if (another && former.proven) await this.tell(em, person, former);
      this.news.changed(em, userId);
      await this.audit.record(em, {
        action: another ? 'address.changed' : 'address.proven',
        userId,
        detail: { by: 'mail' },
      });
      return { account: accountMessage(person) };
    });
  }

  /** An address that was only typed may be a stranger's: it is not told, and gets no way into the account. */
  private async tell(em: EntityManager, person: Person, former: { email: string; emailKey: string }): Promise<void> {
    const token = await this.returns.add(em, person.id, former);
    const to = { address: former.email, language: person.language ?? '' };
    await this.mail.add(em, 'address-changed', to, { token }, this.clock.after(returnSeconds));
  }

  private async byCode(userId: string, code: string): Promise<AddressChange> {
    const change = await this.transaction.run((em) => this.changes.tryCode(em, userId));
    if (!change) throw new DomainError('MAIL_PROOF_OVER');
    if (this.changes.isCode(change, readMailedCode(code))) return change;
    throw new DomainError('MAIL_CODE_WRONG', { details: { attemptsLeft: String(mostCodeTries - change.tries) } });
  }

  private async byLink(userId: string, token: string): Promise<AddressChange> {
    const change = await this.transaction.run((em) => this.changes.ofLink(em, userId, token));
    if (!change) throw new DomainError('MAIL_PROOF_OVER');
    return change;
  }
}

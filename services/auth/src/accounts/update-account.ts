import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Outbox, Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { LockMode } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { accountMessage } from '../people/account-message.js';
import { AccountNews } from '../people/account-news.js';
import { readDisplayName } from '../people/display-name.js';
import { Person } from '../people/person.js';

/** Changes the profile of the caller; others learn of a new name through the outbox. */
@Injectable()
export class UpdateAccount {
  constructor(
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
    private readonly news: AccountNews,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError INVALID_ARGUMENT, UNAUTHENTICATED when the account is gone */
  async execute(
    { userId }: Principal,
    request: auth.UpdateAccountRequest,
  ): Promise<Answer<typeof auth.AccountsService.method.updateAccount>> {
    const name = readDisplayName(request.displayName);
    return this.transaction.run(async (em) => {
      const locked = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
      const person = await em.findOne(Person, { id: userId }, locked);
      if (!person) throw new DomainError('UNAUTHENTICATED');
      // The id alone: names do not belong into events, whoever needs one asks for it.
      if (person.rename(name, this.clock.now())) {
        await this.outbox.add(em, { case: 'accountRenamed', value: { userId } });
        this.news.changed(em, userId);
      }
      return { account: accountMessage(person) };
    });
  }
}

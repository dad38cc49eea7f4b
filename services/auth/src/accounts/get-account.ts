import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { accountMessage } from '../people/account-message.js';
import { Person } from '../people/person.js';

/** The account of the caller. */
@Injectable()
export class GetAccount {
  constructor(private readonly transaction: Transaction) {}

  /** @throws DomainError UNAUTHENTICATED when the account is gone while its last principal token still lives */
  async execute({ userId }: Principal): Promise<Answer<typeof auth.AccountsService.method.getAccount>> {
    const person = await this.transaction.run((em) => em.findOne(Person, { id: userId }, { refresh: true }));
    if (!person) throw new DomainError('UNAUTHENTICATED');
    return { account: accountMessage(person) };
  }
}

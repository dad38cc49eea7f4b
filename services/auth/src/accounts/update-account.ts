import { DomainError } from '@conclave/errors';
import { Outbox, Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { readDisplayName } from '../people/display-name.js';
import { People } from '../people/people.js';
import type { Person } from '../people/person.js';

/** What to change of the caller's account. */
export interface UpdateAccountCommand {
  readonly userId: string;
  readonly displayName: string;
}

/** Changes the profile of the caller; others learn of a new name through the outbox. */
@Injectable()
export class UpdateAccount {
  constructor(
    private readonly transaction: Transaction,
    private readonly people: People,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError INVALID_ARGUMENT, UNAUTHENTICATED when the account is gone */
  async execute({ userId, displayName }: UpdateAccountCommand): Promise<Person> {
    const name = readDisplayName(displayName);
    return this.transaction.run(async (em) => {
      const person = await this.people.byIdForChange(em, userId);
      if (!person) throw new DomainError('UNAUTHENTICATED');
      // The id alone: names do not belong into events, whoever needs one asks for it.
      if (person.rename(name, this.clock.now())) await this.outbox.add(em, 'account.renamed', { userId });
      return person;
    });
  }
}

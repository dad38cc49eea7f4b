import { DomainError } from '@conclave/errors';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { People } from '../people/people.js';
import type { Person } from '../people/person.js';

/** The account of the caller. */
@Injectable()
export class GetAccount {
  constructor(
    private readonly transaction: Transaction,
    private readonly people: People,
  ) {}

  /** @throws DomainError UNAUTHENTICATED when the account is gone while its last principal token still lives */
  async execute(userId: string): Promise<Person> {
    const person = await this.transaction.run((em) => this.people.byId(em, userId));
    if (!person) throw new DomainError('UNAUTHENTICATED');
    return person;
  }
}

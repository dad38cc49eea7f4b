import type { auth } from '@conclave/contracts';
import type { Answer } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { Person } from './person.js';

/** Names of people for other services. */
@Injectable()
export class GetPeople {
  constructor(private readonly transaction: Transaction) {}

  /** Those who exist, in no order. */
  async execute({ ids }: auth.GetPeopleRequest): Promise<Answer<typeof auth.PeopleService.method.getPeople>> {
    if (ids.length === 0) return { people: [] };
    const people = await this.transaction.run((em) =>
      em.find(Person, { id: { $in: [...new Set(ids)] } }, { refresh: true }),
    );
    return { people: people.map(({ id, displayName }) => ({ id, displayName })) };
  }
}

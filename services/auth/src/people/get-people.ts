import { invalidArgument } from '@conclave/errors';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { People } from './people.js';
import type { Person } from './person.js';
import { isUuid } from './uuid.js';

const mostIds = 200;

/** Names of people for other services. */
@Injectable()
export class GetPeople {
  constructor(
    private readonly transaction: Transaction,
    private readonly people: People,
  ) {}

  /** Those who exist, in no order. @throws DomainError INVALID_ARGUMENT for more than 200 ids, or what is none */
  async execute(ids: readonly string[]): Promise<Person[]> {
    if (ids.length > mostIds || !ids.every(isUuid)) throw invalidArgument('ids');
    if (ids.length === 0) return [];
    return this.transaction.run((em) => this.people.byIds(em, [...new Set(ids)]));
  }
}

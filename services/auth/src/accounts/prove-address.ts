import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, emailKey } from '@conclave/platform';
import { LockMode } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { AccountNews } from '../people/account-news.js';
import { Person } from '../people/person.js';

/** Keeps that the caller has opened the secret link of an invitation to their own address. */
@Injectable()
export class ProveAddress {
  constructor(
    private readonly transaction: Transaction,
    private readonly news: AccountNews,
    private readonly audit: AuthAudit,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError NOT_FOUND where it is not the caller's address, UNAUTHENTICATED when the account is gone */
  async execute(
    { userId }: Principal,
    { email, invitationId }: auth.ProveAddressRequest,
  ): Promise<Answer<typeof auth.AccountsService.method.proveAddress>> {
    await this.transaction.run(async (em) => {
      const locked = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
      const person = await em.findOne(Person, { id: userId }, locked);
      if (!person) throw new DomainError('UNAUTHENTICATED');
      if (person.emailKey !== emailKey(email)) throw new DomainError('NOT_FOUND');
      if (!person.proveAddress('invitation', this.clock.now())) return;
      this.news.changed(em, userId);
      await this.audit.record(em, { action: 'address.proven', userId, detail: { by: 'invitation', invitationId } });
    });
    return {};
  }
}

import { broadcasts, common, create, toBinary } from '@conclave/contracts';
import { Bus } from '@conclave/messaging';
import { afterCommit, Outbox } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** The one way in which others learn that a credential is over, be it a session or a personal token. */
@Injectable()
export class CredentialRevocation {
  constructor(
    private readonly outbox: Outbox,
    private readonly bus: Bus,
  ) {}

  /**
   * Announces the end of credentials of one person, in the transaction of `em` that ends them. The event in the outbox is the
   * truth; the broadcast only makes everything that stands on them end at once instead of at the next look.
   */
  async announce(em: EntityManager, userId: string, credentialIds: readonly string[]): Promise<void> {
    const revoked = { userId, sessionIds: [...credentialIds] };
    await this.outbox.add(em, { case: 'sessionRevoked', value: revoked });
    const bytes = toBinary(common.SessionRevokedSchema, create(common.SessionRevokedSchema, revoked));
    afterCommit(em, () => this.bus.publish(broadcasts.credentialRevoked, bytes));
  }
}

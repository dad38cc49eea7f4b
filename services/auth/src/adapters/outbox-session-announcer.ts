import { broadcasts, common, create, toBinary } from '@conclave/contracts';
import { Bus } from '@conclave/messaging';
import { afterCommit, Outbox } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { SessionAnnouncer } from '../sessions/session-ending.js';

/** The event in the outbox is the truth; the broadcast only makes sockets close at once instead of at the next sweep. */
@Injectable()
export class OutboxSessionAnnouncer extends SessionAnnouncer {
  constructor(
    private readonly outbox: Outbox,
    private readonly bus: Bus,
  ) {
    super();
  }

  override async ended(em: EntityManager, userId: string, sessionIds: readonly string[]): Promise<void> {
    await this.outbox.add(em, 'session.revoked', { userId, sessionIds });
    const message = create(common.SessionRevokedSchema, { userId, sessionIds: [...sessionIds] });
    const bytes = toBinary(common.SessionRevokedSchema, message);
    afterCommit(em, () => this.bus.publish(broadcasts.sessionRevoked, bytes));
  }
}

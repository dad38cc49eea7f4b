import { broadcasts, common, create, toBinary } from '@conclave/contracts';
import { Bus } from '@conclave/messaging';
import { afterCommit, Outbox } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Session } from './session.js';

/** The one way a session ends before its time. */
@Injectable()
export class SessionEnding {
  constructor(
    private readonly outbox: Outbox,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends sessions of one person within the transaction of `em`. The event in the outbox is the truth; the broadcast only makes
   * sockets close at once instead of at the next sweep.
   */
  async end(em: EntityManager, userId: string, sessions: readonly Session[]): Promise<void> {
    if (sessions.length === 0) return;
    const now = this.clock.now();
    for (const session of sessions) session.end(now);
    const sessionIds = sessions.map(({ id }) => id);
    await this.outbox.add(em, { case: 'sessionRevoked', value: { userId, sessionIds } });
    const message = create(common.SessionRevokedSchema, { userId, sessionIds });
    const bytes = toBinary(common.SessionRevokedSchema, message);
    afterCommit(em, () => this.bus.publish(broadcasts.sessionRevoked, bytes));
  }
}

import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Session } from './session.js';

/** Tells everybody whom it concerns that sessions are over. */
export abstract class SessionAnnouncer {
  /** Writes the event with the transaction of `em`; once that is committed, tells the bus too. */
  abstract ended(em: EntityManager, userId: string, sessionIds: readonly string[]): Promise<void>;
}

/** The one way a session ends before its time. */
@Injectable()
export class SessionEnding {
  constructor(
    private readonly announcer: SessionAnnouncer,
    private readonly clock: Clock,
  ) {}

  /** Ends sessions of one person within the transaction of `em`. */
  async end(em: EntityManager, userId: string, sessions: readonly Session[]): Promise<void> {
    if (sessions.length === 0) return;
    const now = this.clock.now();
    for (const session of sessions) session.end(now);
    await this.announcer.ended(
      em,
      userId,
      sessions.map(({ id }) => id),
    );
  }
}

import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { LIVE_SESSIONS_LIMIT, SessionLimits } from './session-limits.js';
import type { Session } from './session.js';
import { Sessions } from './sessions.js';

/** Where a person is signed in now, newest first. */
@Injectable()
export class ListSessions {
  constructor(
    private readonly transaction: Transaction,
    private readonly sessions: Sessions,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
  ) {}

  execute(userId: string): Promise<Session[]> {
    const page = { limit: LIVE_SESSIONS_LIMIT };
    return this.transaction.run((em) => this.sessions.liveOf(em, userId, this.clock.now(), this.limits, page));
  }
}

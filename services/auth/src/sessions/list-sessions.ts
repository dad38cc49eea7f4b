import { timestampFromDate, type auth } from '@conclave/contracts';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { mostLiveSessions, SessionLimits } from './session-limits.js';
import { findLiveSessions } from './session-repository.js';

/** Where a person is signed in now, newest first. */
@Injectable()
export class ListSessions {
  constructor(
    private readonly transaction: Transaction,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
  ) {}

  async execute({ userId, sessionId }: Principal): Promise<Answer<typeof auth.SessionsService.method.listSessions>> {
    const page = { limit: mostLiveSessions };
    const now = this.clock.now();
    const sessions = await this.transaction.run((em) => findLiveSessions(em, userId, now, this.limits, page));
    return {
      sessions: sessions.map((session) => ({
        id: session.id,
        createdAt: timestampFromDate(session.createdAt),
        lastSeenAt: timestampFromDate(session.lastSeenAt),
        userAgent: session.userAgent,
        current: session.id === sessionId,
      })),
    };
  }
}

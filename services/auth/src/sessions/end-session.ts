import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { SessionEnding } from './session-ending.js';
import { lockSession } from './session-repository.js';

/** Ends a session of the caller. Somebody else's is as unknown as one that never was. */
@Injectable()
export class EndSession {
  constructor(
    private readonly transaction: Transaction,
    private readonly ending: SessionEnding,
    private readonly audit: AuthAudit,
  ) {}

  /** Ending an ended one again is fine and tells nobody twice. @throws DomainError NOT_FOUND */
  async execute(
    { userId, sessionId: current }: Principal,
    { sessionId }: auth.EndSessionRequest,
  ): Promise<Answer<typeof auth.SessionsService.method.endSession>> {
    // Empty means the session that the call came through; with a personal token there is none.
    const id = sessionId === '' ? current : sessionId;
    if (id === '') throw new DomainError('NOT_FOUND');
    await this.transaction.run(async (em) => {
      const session = await lockSession(em, userId, id);
      if (!session) throw new DomainError('NOT_FOUND');
      if (session.endedAt) return;
      await this.ending.end(em, userId, [session]);
      await this.audit.record(em, { action: 'sign-out', userId, sessionId: id });
    });
    return {};
  }
}

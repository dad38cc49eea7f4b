import { DomainError, invalidArgument } from '@conclave/errors';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { isUuid } from '../people/uuid.js';
import { SessionEnding } from './session-ending.js';
import { Sessions } from './sessions.js';

/** Which session of the caller. */
export interface EndSessionCommand {
  readonly userId: string;
  /** The session the call came through; empty with a personal token. */
  readonly currentSessionId: string;
  /** Empty means the current one. */
  readonly sessionId: string;
}

/** Ends a session of the caller. Somebody else's is as unknown as one that never was. */
@Injectable()
export class EndSession {
  constructor(
    private readonly transaction: Transaction,
    private readonly sessions: Sessions,
    private readonly ending: SessionEnding,
    private readonly audit: AuthAudit,
  ) {}

  /** Ending an ended one again is fine and tells nobody twice. @throws DomainError NOT_FOUND, INVALID_ARGUMENT */
  async execute({ userId, currentSessionId, sessionId }: EndSessionCommand): Promise<void> {
    const id = sessionId === '' ? currentSessionId : sessionId;
    if (id === '') throw new DomainError('NOT_FOUND');
    if (!isUuid(id)) throw invalidArgument('sessionId');
    await this.transaction.run(async (em) => {
      const session = await this.sessions.ofUserForChange(em, userId, id);
      if (!session) throw new DomainError('NOT_FOUND');
      if (session.endedAt) return;
      await this.ending.end(em, userId, [session]);
      await this.audit.record(em, { action: 'sign-out', userId, sessionId: id });
    });
  }
}

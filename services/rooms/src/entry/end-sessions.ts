import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { PresenceRevoker, type EndedAdmission } from '../presence/presence-revoker.js';
import { lockSession } from './session-lock.js';

/** Sessions of one person that auth ended. */
export interface EndedSessions {
  readonly userId: string;
  readonly sessionIds: readonly string[];
}

/** Ends every admission of sessions that are over, and remembers them: a principal token lives a minute longer than its session. */
@Injectable()
export class EndSessions {
  constructor(
    private readonly transaction: Transaction,
    private readonly revoker: PresenceRevoker,
    private readonly clock: Clock,
  ) {}

  /** In the feed's transaction; a session that is known to be over changes nothing. */
  async apply(em: EntityManager, { userId, sessionIds }: EndedSessions): Promise<readonly EndedAdmission[]> {
    const ended: EndedAdmission[] = [];
    // In one order everywhere, so that two feeds of sessions never wait for each other in a circle.
    for (const sessionId of [...sessionIds].sort()) {
      await lockSession(em, sessionId);
      await em.execute('insert into ended_session (session_id, ended_at) values (?, ?) on conflict do nothing', [
        sessionId,
        this.clock.now(),
      ]);
      ended.push(...(await this.revoker.revoke(em, { sessionId, userId }, 'session_ended')));
    }
    return ended;
  }

  /** Forgets sessions whose last principal token has long expired. */
  async forget(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - 24 * 3_600_000);
    await this.transaction.run((em) => em.execute('delete from ended_session where ended_at < ?', [before]));
  }
}

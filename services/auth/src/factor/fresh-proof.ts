import { DomainError } from '@conclave/errors';
import type { Principal } from '@conclave/messaging';
import { rows } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { factorsHeld, stepWords } from './factors-held.js';

/** A proof of oneself holds for so long in its session. */
export const freshSeconds = 10 * 60;

/** What a session alone may not do: somebody else may sit before a screen that was left. */
@Injectable()
export class FreshProof {
  constructor(private readonly clock: Clock) {}

  /**
   * The caller has signed in, or proven themselves again, a moment ago and through this very session.
   *
   * @throws DomainError PROOF_REQUIRED with what they can prove it by, PERMISSION_DENIED for a personal token, which is no person
   */
  async require(em: EntityManager, { userId, sessionId }: Principal): Promise<void> {
    if (sessionId === '') throw new DomainError('PERMISSION_DENIED');
    const since = this.clock.after(-freshSeconds);
    const proven = await rows<object>(
      em,
      'select 1 from session where id = ? and user_id = ? and ended_at is null and proven_at > ?',
      [sessionId, userId, since],
    );
    if (proven.length > 0) return;
    const held = await factorsHeld(em, userId);
    const by = held.length > 0 ? held.map((step) => stepWords[step]).join(' ') : 'password';
    throw new DomainError('PROOF_REQUIRED', { details: { by } });
  }
}

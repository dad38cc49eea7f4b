import { Audit } from '@conclave/audit';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuthAudit, type AuthEvent } from '../audit/auth-audit.js';

/** Attempts on accounts that do not exist have a subject too, so that their number shows. */
const nobody = 'user:unknown';

/** Writes into the hash-chained trail. */
@Injectable()
export class ChainedAudit extends AuthAudit {
  constructor(private readonly audit: Audit) {
    super();
  }

  override async record(em: EntityManager, { action, userId, sessionId }: AuthEvent): Promise<void> {
    // The chain has one writer at a time until the transaction ends: everything slow comes first.
    await em.flush();
    const user = userId ? `user:${userId}` : nobody;
    await this.audit.append(em, {
      // Who failed to prove that they are this person is nobody yet.
      actor: action === 'sign-in.failed' ? 'anonymous' : user,
      action,
      subject: user,
      ...(sessionId && { detail: { sessionId } }),
    });
  }
}

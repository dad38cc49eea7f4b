import { Audit } from '@conclave/audit';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** What happened, in the words of the audit trail. */
export type AuthAction =
  | 'sign-up'
  | 'sign-up.started'
  | 'sign-in.succeeded'
  | 'sign-in.step-needed'
  | 'sign-in.failed'
  | 'sign-out'
  | 'session.proven'
  | 'session.proof-failed'
  | 'factor.added'
  | 'factor.removed'
  | 'factor.recovery-codes-renewed'
  | 'address.proven'
  | 'address.change-started'
  | 'address.changed'
  | 'address.returned'
  | 'password.recovery-started'
  | 'password.recovered'
  | 'personal-token.rotated'
  | 'personal-token.rotation-failed';

/** One authentication event; ids only, nothing that was typed. */
export interface AuthEvent {
  readonly action: AuthAction;
  /** Undefined where no account stands behind the attempt. */
  readonly userId: string | undefined;
  readonly sessionId?: string;
  /** Ids and words of ours that say more. */
  readonly detail?: Readonly<Record<string, string>>;
}

/** Attempts on accounts that do not exist have a subject too, so that their number shows. */
const nobody = 'user:unknown';

/** Whoever has not proven everything yet is nobody. */
const unproven: ReadonlySet<AuthAction> = new Set(['sign-in.failed', 'sign-in.step-needed']);

/** The trail of authentication events. */
@Injectable()
export class AuthAudit {
  constructor(private readonly audit: Audit) {}

  /**
   * Writes the row in the transaction of the change: neither is there without the other. The chain has one writer at a time
   * until the commit, so this comes last: after every lock and everything slow.
   */
  async record(em: EntityManager, { action, userId, sessionId, detail }: AuthEvent): Promise<void> {
    await em.flush();
    const user = userId ? `user:${userId}` : nobody;
    await this.audit.append(em, {
      actor: unproven.has(action) ? 'anonymous' : user,
      action,
      subject: user,
      ...((sessionId || detail) && { detail: { ...detail, ...(sessionId && { sessionId }) } }),
    });
  }
}

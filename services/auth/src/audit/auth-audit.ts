import type { EntityManager } from '@mikro-orm/postgresql';

/** What happened, in the words of the audit trail. */
export type AuthAction =
  | 'sign-up'
  | 'sign-in.succeeded'
  | 'sign-in.failed'
  | 'sign-out'
  | 'personal-token.rotated'
  | 'personal-token.rotation-failed';

/** One authentication event; ids only, nothing that was typed. */
export interface AuthEvent {
  readonly action: AuthAction;
  /** Undefined where no account stands behind the attempt. */
  readonly userId: string | undefined;
  readonly sessionId?: string;
}

/** Keeps every authentication event. */
export abstract class AuthAudit {
  /** Writes the row within the transaction of `em`: no change without its row, no row without its change. */
  abstract record(em: EntityManager, event: AuthEvent): Promise<void>;
}

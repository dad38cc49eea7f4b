import { AsyncLocalStorage } from 'node:async_hooks';
import { DomainError } from '@conclave/errors';
import type { Grant } from './grant.js';
import type { Principal } from './principal.js';

/** Everything a handler may know about its call besides the request. */
export interface CallContext {
  /** Set on methods that a person must stand behind; already verified. */
  readonly principal: Principal | undefined;
  /** The signed form, to call further in the person's name. */
  readonly principalToken: string | undefined;
  /** Set on methods that declare a permission; proven before the handler. */
  readonly grant: Grant | undefined;
  readonly deadline: Date;
  readonly correlationId: string;
  /** W3C trace context. */
  readonly traceparent: string;
  readonly idempotencyKey: string | undefined;
  /** Aborts when the deadline passes. */
  readonly signal: AbortSignal;
}

const storage = new AsyncLocalStorage<CallContext>();

/** The call being handled now, if any: clients made inside it pass on its principal, deadline and trace. */
export const callScope = {
  run: <T>(context: CallContext, work: () => T): T => storage.run(context, work),
  current: (): CallContext | undefined => storage.getStore(),
};

/** What the door has proven; never absent where `@Access` names a permission. */
export function requireGrant(context: Pick<CallContext, 'grant'>): Grant {
  if (!context.grant) throw new DomainError('PERMISSION_DENIED');
  return context.grant;
}

/** The person behind the call; never absent where the proto says `AUTH_MODE_PERSON`. */
export function requirePrincipal(context: Pick<CallContext, 'principal'>): Principal {
  if (!context.principal) throw new DomainError('UNAUTHENTICATED');
  return context.principal;
}

import { AsyncLocalStorage } from 'node:async_hooks';
import { DomainError } from '@conclave/errors';
import type { Principal } from './principal.js';

/** Everything a handler may know about its call besides the request. */
export interface CallContext {
  /** Set on methods that a person must stand behind; already verified. */
  readonly principal: Principal | undefined;
  /** The signed form, to call further in the person's name. */
  readonly principalToken: string | undefined;
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

/** The person behind the call; never absent where the proto says `AUTH_MODE_PERSON`. */
export function requirePrincipal(context: Pick<CallContext, 'principal'>): Principal {
  if (!context.principal) throw new DomainError('UNAUTHENTICATED');
  return context.principal;
}

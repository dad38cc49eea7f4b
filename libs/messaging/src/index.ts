export type { Answer } from './answer.js';
export { Bus, type BroadcastFailure, type BusOptions, type BusSubscription, type ClientCallRecord } from './bus.js';
export { BusServer, type BusServerParts, type CallRecord } from './bus-server.js';
export { callScope, requireGrant, requirePrincipal, type CallContext } from './call-context.js';
export { createClient, type CallOptions, type ServiceClient } from './client.js';
export {
  Access,
  accessOfHandler,
  clientToken,
  InjectClient,
  Rpc,
  type AccessMode,
  type AccessRule,
} from './decorators.js';
export { Grant, GrantSource, type GrantFacts, type GrantQuestion, type GrantTarget } from './grant.js';
export { MessagingModule, signingKeySource, type MessagingOptions } from './module.js';
export { principalAudience, principalIssuer, principalTtlSeconds, principalType, type Principal } from './principal.js';
export { PrincipalVerifier, type SigningKeySource } from './principal-verifier.js';
export { RepeatableStore, type RepeatableCall } from './repeatable-store.js';
export { busCheck, type BusAccess } from './preflight.js';
export { observeBus } from './observe.js';
export { bootService, startService, type RunningService, type ServiceOptions } from './service.js';

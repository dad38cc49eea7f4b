export { Bus, type BusOptions, type BusSubscription } from './bus.js';
export { BusServer, type BusServerParts, type CallRecord } from './bus-server.js';
export { callScope, requirePrincipal, type CallContext } from './call-context.js';
export { createClient, type CallOptions, type ServiceClient } from './client.js';
export { Access, accessOfHandler, clientToken, InjectClient, Rpc } from './decorators.js';
export { MessagingModule, signingKeySource, type MessagingOptions } from './module.js';
export { principalAudience, principalIssuer, principalTtlSeconds, principalType, type Principal } from './principal.js';
export { PrincipalVerifier, type SigningKeySource } from './principal-verifier.js';
export { bootService, startService, type RunningService, type ServiceOptions } from './service.js';

import { Clock } from '@conclave/platform';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { configToken, type Config } from './config.js';
import { Connections } from './connections/connections.js';
import { GatewayMetrics } from './gateway-metrics.js';
import { ClientAddress } from './connections/client-address.js';
import { Guard } from './http/guard.js';
import { OriginPolicy } from './http/origin.js';
import { RateLimits } from './http/rate-limits.js';
import { LiveConnections } from './live/live-connections.js';
import { PresenceLeases } from './live/presence-leases.js';
import { Revocations } from './live/revocations.js';
import { SessionResolver } from './session/session-resolver.js';

/** What every feature may use: who asks, from where, how often, and what of theirs is open. */
@Global()
@Module({})
export class CoreModule {
  static forRoot(config: Config): DynamicModule {
    const providers = [
      { provide: configToken, useValue: config },
      { provide: OriginPolicy, useFactory: () => new OriginPolicy(config.PUBLIC_URL) },
      { provide: ClientAddress, useFactory: () => new ClientAddress(config.TRUSTED_PROXIES) },
      {
        provide: RateLimits,
        useFactory: (clock: Clock) => new RateLimits(clock, config.RATE_LIMIT_SCALE),
        inject: [Clock],
      },
      Connections,
      GatewayMetrics,
      Guard,
      LiveConnections,
      PresenceLeases,
      Revocations,
      SessionResolver,
    ];
    return { module: CoreModule, providers, exports: providers };
  }
}

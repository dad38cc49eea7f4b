import { type DynamicModule, Module } from '@nestjs/common';
import { Clock, FollowingClock } from './clock.js';
import { HealthRegistry } from './health/health-registry.js';
import { Ids } from './ids.js';
import { Logger } from './logging/logger.js';
import type { BuildInfo } from './build-info.js';
import { Metrics } from './metrics/metrics.js';
import { Shutdown, type ShutdownOptions } from './shutdown.js';

/** What every service of one process shares. */
export interface PlatformOptions {
  /** `auth`, `rooms`, `files` or `gateway`. */
  readonly service: string;
  readonly logger: Logger;
  readonly build?: BuildInfo;
  readonly shutdown?: ShutdownOptions;
}

/** Provides Logger, Clock, Ids, HealthRegistry, Metrics and Shutdown everywhere; import it once, in the app module. */
@Module({})
export class PlatformModule {
  static forRoot({ service, logger, build, shutdown }: PlatformOptions): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      providers: [
        { provide: Logger, useValue: logger },
        { provide: FollowingClock, useFactory: () => new FollowingClock() },
        { provide: Clock, useExisting: FollowingClock },
        { provide: Ids, useFactory: (clock: Clock) => new Ids(clock), inject: [Clock] },
        { provide: HealthRegistry, useFactory: () => new HealthRegistry() },
        { provide: Metrics, useFactory: () => new Metrics(service, build) },
        {
          provide: Shutdown,
          useFactory: (health: HealthRegistry) => new Shutdown(logger, health, shutdown),
          inject: [HealthRegistry],
        },
      ],
      exports: [Logger, Clock, FollowingClock, Ids, HealthRegistry, Metrics, Shutdown],
    };
  }
}

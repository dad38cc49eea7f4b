import { Global, Module, type DynamicModule } from '@nestjs/common';
import { RoomsAudit } from './audit/rooms-audit.js';
import { configToken, type Config } from './config.js';
import { RoomsMetrics } from './metrics.js';

/** What every feature may use. */
@Global()
@Module({})
export class CoreModule {
  static forRoot(config: Config): DynamicModule {
    const providers = [{ provide: configToken, useValue: config }, RoomsAudit, RoomsMetrics];
    return { module: CoreModule, providers, exports: providers };
  }
}

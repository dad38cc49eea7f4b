import { signingKeySource, type SigningKeySource } from '@conclave/messaging';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { AuthAudit } from './audit/auth-audit.js';
import { configToken, type Config } from './config.js';
import { AuthMetrics } from './metrics/auth-metrics.js';
import { SigningKeys } from './signing-keys/signing-keys.js';

/** What every feature may use. The signing keys too: the verifier of this very process learns them here and not over the bus. */
@Global()
@Module({})
export class CoreModule {
  static forRoot(config: Config): DynamicModule {
    const providers = [
      { provide: configToken, useValue: config },
      AuthAudit,
      AuthMetrics,
      SigningKeys,
      {
        provide: signingKeySource,
        inject: [SigningKeys],
        useFactory: (keys: SigningKeys): SigningKeySource => ({ list: () => Promise.resolve(keys.list()) }),
      },
    ];
    return { module: CoreModule, providers, exports: providers };
  }
}

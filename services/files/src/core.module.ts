import { Global, Module, type DynamicModule } from '@nestjs/common';
import { configToken, type Config } from './config.js';
import { FilesMetrics } from './files-metrics.js';

/** What every feature may use. */
@Global()
@Module({})
export class CoreModule {
  static forRoot(config: Config): DynamicModule {
    const providers = [{ provide: configToken, useValue: config }, FilesMetrics];
    return { module: CoreModule, providers, exports: providers };
  }
}

import { Clock } from '@conclave/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { Audit } from './audit.js';

/** Provides `Audit` everywhere; needs `PlatformModule`. */
@Module({})
export class AuditModule {
  static forRoot(): DynamicModule {
    return {
      module: AuditModule,
      global: true,
      providers: [{ provide: Audit, useFactory: (clock: Clock) => new Audit(clock), inject: [Clock] }],
      exports: [Audit],
    };
  }
}

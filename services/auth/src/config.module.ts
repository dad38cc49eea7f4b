import { type DynamicModule, Module } from '@nestjs/common';
import { AUTH_CONFIG, type AuthConfig } from './config.js';

/** Gives features the configuration they ask for by `AUTH_CONFIG`. */
@Module({})
export class AuthConfigModule {
  static forRoot(config: AuthConfig): DynamicModule {
    return {
      module: AuthConfigModule,
      global: true,
      providers: [{ provide: AUTH_CONFIG, useValue: config }],
      exports: [AUTH_CONFIG],
    };
  }
}

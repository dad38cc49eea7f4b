import { AuditModule } from '@conclave/audit';
import { PersistenceModule } from '@conclave/persistence';
import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsModule } from './accounts/accounts.module.js';
import { AuthAuditModule } from './audit/audit.module.js';
import type { AuthConfig } from './config.js';
import { AuthConfigModule } from './config.module.js';
import { mainConnection } from './connections.js';
import { entities } from './entities.js';
import { AuthMetricsModule } from './metrics/metrics.module.js';
import { PeopleModule } from './people/people.module.js';
import { PersonalTokensModule } from './personal-tokens/personal-tokens.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { SigningKeysModule } from './signing-keys/signing-keys.module.js';

/** Auth: people, credentials, sessions, personal tokens, signing keys. Platform and bus come from `startService`. */
@Module({})
export class AppModule {
  static forRoot(config: AuthConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        AuthConfigModule.forRoot(config),
        PersistenceModule.forRoot({
          ...mainConnection(config),
          entities,
          announces: 'auth',
        }),
        AuditModule.forRoot(),
        AuthAuditModule,
        AuthMetricsModule,
        SigningKeysModule,
        AccountsModule,
        PeopleModule,
        PersonalTokensModule,
        SessionsModule,
      ],
    };
  }
}

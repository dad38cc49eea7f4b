import { AuditModule } from '@conclave/audit';
import { PersistenceModule } from '@conclave/persistence';
import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsModule } from './accounts/accounts.module.js';
import { AddressesModule } from './addresses/addresses.module.js';
import type { Config } from './config.js';
import { mainConnection } from './connections.js';
import { CoreModule } from './core.module.js';
import { PasswordCredential } from './credentials/password-credential.js';
import { Passkey } from './factor/passkey.js';
import { TotpFactor } from './factor/totp-factor.js';
import { FactorsModule } from './factors/factors.module.js';
import { PeopleModule } from './people/people.module.js';
import { Person } from './people/person.js';
import { PersonalToken } from './personal-tokens/personal-token.js';
import { PersonalTokensModule } from './personal-tokens/personal-tokens.module.js';
import { RecoveryModule } from './recovery/recovery.module.js';
import { Session } from './sessions/session.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { SigningKeysModule } from './signing-keys/signing-keys.module.js';

/** Auth, wired. Platform and bus come from `startService`. */
@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CoreModule.forRoot(config),
        PersistenceModule.forRoot({
          ...mainConnection(config),
          entities: [Passkey, PasswordCredential, Person, PersonalToken, Session, TotpFactor],
          announces: 'auth',
          repeats: config.TOKEN_PEPPER,
        }),
        AuditModule.forRoot(),
        SigningKeysModule,
        AccountsModule,
        AddressesModule,
        PeopleModule,
        PersonalTokensModule,
        RecoveryModule,
        SessionsModule,
        FactorsModule,
      ],
    };
  }
}

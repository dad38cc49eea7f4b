import { signingKeySource, type SigningKeySource } from '@conclave/messaging';
import { Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { AUTH_CONFIG, type AuthConfig } from '../config.js';
import { ListSigningKeys } from './list-signing-keys.js';
import { PrincipalTokens } from './principal-tokens.js';
import { SigningKeyAge } from './signing-key-age.js';
import { SigningKeys } from './signing-keys.js';
import { SigningKeysController } from './signing-keys.controller.js';

/** The keys that sign principal tokens. Global, because the verifier of this very process learns them here and not over the bus. */
@Global()
@Module({
  imports: [JwtModule.register({})],
  controllers: [SigningKeysController],
  providers: [
    ListSigningKeys,
    PrincipalTokens,
    SigningKeyAge,
    {
      provide: SigningKeys,
      inject: [AUTH_CONFIG],
      useFactory: (config: AuthConfig) => new SigningKeys(config.SIGNING_KEY, config.SIGNING_KEY_PREVIOUS),
    },
    {
      provide: signingKeySource,
      inject: [SigningKeys],
      useFactory: (keys: SigningKeys): SigningKeySource => ({ list: () => Promise.resolve(keys.list()) }),
    },
  ],
  exports: [PrincipalTokens, SigningKeys, signingKeySource],
})
export class SigningKeysModule {}

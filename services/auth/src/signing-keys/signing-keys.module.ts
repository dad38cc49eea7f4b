import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { ListSigningKeys } from './list-signing-keys.js';
import { PrincipalTokens } from './principal-tokens.js';
import { SigningKeyAge } from './signing-key-age.js';
import { SigningKeysController } from './signing-keys.controller.js';

/** The keys that sign principal tokens. */
@Module({
  imports: [JwtModule.register({})],
  controllers: [SigningKeysController],
  providers: [ListSigningKeys, PrincipalTokens, SigningKeyAge],
  exports: [PrincipalTokens],
})
export class SigningKeysModule {}

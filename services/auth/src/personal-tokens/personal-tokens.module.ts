import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { FactorModule } from '../factor/factor.module.js';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { PersonalTokenIssue } from './personal-token-issue.js';
import { PersonalTokensController } from './personal-tokens.controller.js';
import { ResolvePersonalToken } from './resolve-personal-token.js';
import { RotatePersonalToken } from './rotate-personal-token.js';
import { VerifyPersonalToken } from './verify-personal-token.js';

/** The one personal token each person holds. */
@Module({
  imports: [CredentialsModule, FactorModule, SigningKeysModule],
  controllers: [PersonalTokensController],
  providers: [PersonalTokenIssue, ResolvePersonalToken, RotatePersonalToken, VerifyPersonalToken],
  exports: [PersonalTokenIssue, ResolvePersonalToken, VerifyPersonalToken],
})
export class PersonalTokensModule {}

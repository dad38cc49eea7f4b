import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { PeopleModule } from '../people/people.module.js';
import { PersonalTokenIssue } from './personal-token-issue.js';
import { PersonalTokens } from './personal-tokens.js';
import { PersonalTokensController } from './personal-tokens.controller.js';
import { ResolvePersonalToken } from './resolve-personal-token.js';
import { RotatePersonalToken } from './rotate-personal-token.js';
import { VerifyPersonalToken } from './verify-personal-token.js';

/** The one personal token each person holds. */
@Module({
  imports: [CredentialsModule, PeopleModule],
  controllers: [PersonalTokensController],
  providers: [PersonalTokenIssue, PersonalTokens, ResolvePersonalToken, RotatePersonalToken, VerifyPersonalToken],
  exports: [PersonalTokenIssue, ResolvePersonalToken],
})
export class PersonalTokensModule {}

import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { PersonalTokensModule } from '../personal-tokens/personal-tokens.module.js';
import { PeopleModule } from '../people/people.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AccountsController } from './accounts.controller.js';
import { CreateAccount } from './create-account.js';
import { GetAccount } from './get-account.js';
import { ProveAddress } from './prove-address.js';
import { UpdateAccount } from './update-account.js';

/** Accounts as their owners see them. */
@Module({
  imports: [CredentialsModule, PeopleModule, PersonalTokensModule, SessionsModule],
  controllers: [AccountsController],
  providers: [CreateAccount, GetAccount, ProveAddress, UpdateAccount],
})
export class AccountsModule {}

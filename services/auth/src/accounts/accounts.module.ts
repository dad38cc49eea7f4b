import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { PersonalTokensModule } from '../personal-tokens/personal-tokens.module.js';
import { MailModule } from '../mail/mail.module.js';
import { PeopleModule } from '../people/people.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AccountOpening } from './account-opening.js';
import { AccountsController } from './accounts.controller.js';
import { ConfirmSignUp } from './confirm-sign-up.js';
import { CreateAccount } from './create-account.js';
import { GetAccount } from './get-account.js';
import { PendingSignUps } from './pending-sign-ups.js';
import { ProveAddress } from './prove-address.js';
import { StartSignUp } from './start-sign-up.js';
import { UpdateAccount } from './update-account.js';

/** Accounts as their owners see them. */
@Module({
  imports: [CredentialsModule, MailModule, PeopleModule, PersonalTokensModule, SessionsModule],
  controllers: [AccountsController],
  providers: [
    AccountOpening,
    ConfirmSignUp,
    CreateAccount,
    GetAccount,
    PendingSignUps,
    ProveAddress,
    StartSignUp,
    UpdateAccount,
  ],
})
export class AccountsModule {}

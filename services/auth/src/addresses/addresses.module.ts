import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { MailModule } from '../mail/mail.module.js';
import { PeopleModule } from '../people/people.module.js';
import { PersonalTokensModule } from '../personal-tokens/personal-tokens.module.js';
import { RecoveryModule } from '../recovery/recovery.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AddressChanges } from './address-changes.js';
import { AddressReturns } from './address-returns.js';
import { AddressesController } from './addresses.controller.js';
import { ChangeAddress } from './change-address.js';
import { ConfirmAddress } from './confirm-address.js';
import { ReturnAddress } from './return-address.js';

/** The addresses of accounts. */
@Module({
  imports: [CredentialsModule, MailModule, PeopleModule, PersonalTokensModule, RecoveryModule, SessionsModule],
  controllers: [AddressesController],
  providers: [AddressChanges, AddressReturns, ChangeAddress, ConfirmAddress, ReturnAddress],
})
export class AddressesModule {}

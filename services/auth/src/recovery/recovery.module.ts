import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { MailModule } from '../mail/mail.module.js';
import { PeopleModule } from '../people/people.module.js';
import { PersonalTokensModule } from '../personal-tokens/personal-tokens.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { FinishRecovery } from './finish-recovery.js';
import { RecoveryTokens } from './recovery-tokens.js';
import { RecoveryController } from './recovery.controller.js';
import { StartRecovery } from './start-recovery.js';

/** The way back into an account. */
@Module({
  imports: [CredentialsModule, MailModule, PeopleModule, PersonalTokensModule, SessionsModule],
  controllers: [RecoveryController],
  providers: [FinishRecovery, RecoveryTokens, StartRecovery],
  exports: [RecoveryTokens],
})
export class RecoveryModule {}

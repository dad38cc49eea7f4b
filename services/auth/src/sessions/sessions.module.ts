import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { PersonalTokensModule } from '../personal-tokens/personal-tokens.module.js';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { Claimants } from './claimants.js';
import { CreateSession } from './create-session.js';
import { EndSession } from './end-session.js';
import { EveryCredential } from './every-credential.js';
import { KnownDevices } from './known-devices.js';
import { ListSessions } from './list-sessions.js';
import { LiveSessions } from './live-sessions.js';
import { ResolveSession } from './resolve-session.js';
import { SessionEnding } from './session-ending.js';
import { SessionLimits } from './session-limits.js';
import { SessionOpening } from './session-opening.js';
import { SessionsController } from './sessions.controller.js';

/** Where people are signed in. */
@Module({
  imports: [CredentialsModule, PersonalTokensModule, SigningKeysModule],
  controllers: [SessionsController],
  providers: [
    Claimants,
    CreateSession,
    EndSession,
    EveryCredential,
    KnownDevices,
    ListSessions,
    LiveSessions,
    ResolveSession,
    SessionEnding,
    SessionLimits,
    SessionOpening,
  ],
  exports: [EveryCredential, KnownDevices, SessionOpening],
})
export class SessionsModule {}

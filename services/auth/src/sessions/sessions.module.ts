import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { FactorModule } from '../factor/factor.module.js';
import { PersonalTokensModule } from '../personal-tokens/personal-tokens.module.js';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { BeginPasskey } from './begin-passkey.js';
import { Claimants } from './claimants.js';
import { CreateSession } from './create-session.js';
import { EndSession } from './end-session.js';
import { EveryCredential } from './every-credential.js';
import { KnownDevices } from './known-devices.js';
import { ListSessions } from './list-sessions.js';
import { LiveSessions } from './live-sessions.js';
import { ProveSession } from './prove-session.js';
import { ResolveSession } from './resolve-session.js';
import { SessionEnding } from './session-ending.js';
import { SessionLimits } from './session-limits.js';
import { SessionOpening } from './session-opening.js';
import { SessionsController } from './sessions.controller.js';
import { SignInByPasskey } from './sign-in-by-passkey.js';
import { SignInChallenges } from './sign-in-challenges.js';
import { TakeSignInStep } from './take-sign-in-step.js';

/** Where people are signed in. */
@Module({
  imports: [CredentialsModule, FactorModule, PersonalTokensModule, SigningKeysModule],
  controllers: [SessionsController],
  providers: [
    BeginPasskey,
    Claimants,
    CreateSession,
    EndSession,
    EveryCredential,
    KnownDevices,
    ListSessions,
    LiveSessions,
    ProveSession,
    ResolveSession,
    SessionEnding,
    SessionLimits,
    SessionOpening,
    SignInByPasskey,
    SignInChallenges,
    TakeSignInStep,
  ],
  exports: [EveryCredential, KnownDevices, SessionOpening],
})
export class SessionsModule {}

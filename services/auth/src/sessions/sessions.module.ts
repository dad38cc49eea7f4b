import type { Orm } from '@conclave/persistence';
import { MikroORM } from '@mikro-orm/postgresql';
import { Module } from '@nestjs/common';
import { OutboxSessionAnnouncer } from '../adapters/outbox-session-announcer.js';
import { AUTH_CONFIG, type AuthConfig } from '../config.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { PeopleModule } from '../people/people.module.js';
import { PersonalTokensModule } from '../personal-tokens/personal-tokens.module.js';
import { Claimants } from './claimants.js';
import { CreateSession } from './create-session.js';
import { EndSession } from './end-session.js';
import { ListSessions } from './list-sessions.js';
import { LiveSessions, PreparedLiveSessions } from './live-sessions.js';
import { ResolveSession } from './resolve-session.js';
import { SessionAnnouncer, SessionEnding } from './session-ending.js';
import { SessionLimits } from './session-limits.js';
import { SessionOpening } from './session-opening.js';
import { SessionsController } from './sessions.controller.js';
import { Sessions } from './sessions.js';

/** Where people are signed in. */
@Module({
  imports: [CredentialsModule, PeopleModule, PersonalTokensModule],
  controllers: [SessionsController],
  providers: [
    Claimants,
    CreateSession,
    EndSession,
    ListSessions,
    ResolveSession,
    SessionEnding,
    SessionOpening,
    Sessions,
    { provide: SessionAnnouncer, useClass: OutboxSessionAnnouncer },
    { provide: LiveSessions, inject: [MikroORM], useFactory: (orm: Orm) => new PreparedLiveSessions(orm) },
    {
      provide: SessionLimits,
      inject: [AUTH_CONFIG],
      useFactory: (config: AuthConfig) =>
        new SessionLimits(config.SESSION_IDLE_SECONDS, config.SESSION_ABSOLUTE_SECONDS),
    },
  ],
  exports: [SessionOpening],
})
export class SessionsModule {}

import { Module } from '@nestjs/common';
import { AccessCodesModule } from '../access-codes/access-codes.module.js';
import { LiveKitModule } from '../adapters/livekit/livekit.module.js';
import { LobbyModule } from '../lobby/lobby.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { AdmitPerson } from './admit-person.js';
import { AdmitService } from './admit-service.js';
import { ConfirmMedia } from './confirm-media.js';
import { AuthorizeMedia } from './authorize-media.js';
import { EndCredentials } from './end-credentials.js';
import { EntryController } from './entry.controller.js';
import { EntryRecord } from './entry-record.js';
import { GetDoor } from './get-door.js';
import { Leave } from './leave.js';
import { RequestEntry } from './request-entry.js';
import { CredentialFeed } from './credential-feed.js';

/** The one admission decision, and what follows from it. */
@Module({
  imports: [AccessCodesModule, LiveKitModule, LobbyModule, PresenceModule],
  controllers: [EntryController],
  providers: [
    AdmitPerson,
    AdmitService,
    AuthorizeMedia,
    ConfirmMedia,
    EndCredentials,
    EntryRecord,
    GetDoor,
    Leave,
    RequestEntry,
    CredentialFeed,
  ],
  exports: [EndCredentials],
})
export class EntryModule {}

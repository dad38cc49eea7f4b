import { AuditModule } from '@conclave/audit';
import { PersistenceModule } from '@conclave/persistence';
import { Module, type DynamicModule } from '@nestjs/common';
import { AccessCodesModule } from './access-codes/access-codes.module.js';
import type { Config } from './config.js';
import { keysConnection, mainConnection } from './connections.js';
import { CoreModule } from './core.module.js';
import { Admission } from './admission/admission.js';
import { EntryModule } from './entry/entry.module.js';
import { GrantsModule } from './grants/grants.module.js';
import { Invitation } from './invitations/invitation.js';
import { InvitationsModule } from './invitations/invitations.module.js';
import { EntryRequest } from './lobby/entry-request.js';
import { LobbyModule } from './lobby/lobby.module.js';
import { MediaRoom } from './media-room/media-room.js';
import { Meeting } from './meeting/meeting.js';
import { MeetingsModule } from './meetings/meetings.module.js';
import { Message } from './messages/message.js';
import { MembersModule } from './members/members.module.js';
import { MessagesModule } from './messages/messages.module.js';
import { ParticipantsModule } from './participants/participants.module.js';
import { PresenceModule } from './presence/presence.module.js';
import { RoomEventsModule } from './room-events/room-events.module.js';
import { MessageKeyRow } from './room-keys/message-key-row.js';
import { RoomMember } from './room/room-member.js';
import { Room } from './room/room.js';
import { RoomsModule } from './rooms/rooms.module.js';

/** Rooms, wired. */
@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CoreModule.forRoot(config),
        PersistenceModule.forRoot({
          ...mainConnection(config),
          entities: [Room, RoomMember, Invitation, Admission, EntryRequest, MediaRoom, Meeting, Message],
          announces: 'rooms',
          repeats: config.TOKEN_PEPPER,
        }),
        PersistenceModule.forRoot({ ...keysConnection(config), entities: [MessageKeyRow], pool: { max: 4 } }),
        AuditModule.forRoot(),
        RoomEventsModule,
        PresenceModule,
        GrantsModule,
        AccessCodesModule,
        RoomsModule,
        InvitationsModule,
        EntryModule,
        LobbyModule,
        MeetingsModule,
        MembersModule,
        ParticipantsModule,
        MessagesModule,
      ],
    };
  }
}

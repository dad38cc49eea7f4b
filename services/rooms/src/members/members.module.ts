import { Module } from '@nestjs/common';
import { LiveKitModule } from '../adapters/livekit/livekit.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { RoomEventsModule } from '../room-events/room-events.module.js';
import { MembersController } from './members.controller.js';
import { NamesFeed } from './names-feed.js';
import { RenameMember } from './rename-member.js';
import { SetMemberRole } from './set-member-role.js';

/** People who belong to a room. */
@Module({
  imports: [LiveKitModule, PresenceModule, RoomEventsModule],
  controllers: [MembersController],
  providers: [NamesFeed, RenameMember, SetMemberRole],
})
export class MembersModule {}

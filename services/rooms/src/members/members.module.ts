import { Module } from '@nestjs/common';
import { LiveKitModule } from '../adapters/livekit/livekit.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { RoomLogModule } from '../room-log/room-log.module.js';
import { MembersController } from './members.controller.js';
import { NamesFeed } from './names-feed.js';
import { RenameMember } from './rename-member.js';
import { SetMemberRole } from './set-member-role.js';

/** People who belong to a room. */
@Module({
  imports: [LiveKitModule, PresenceModule, RoomLogModule],
  controllers: [MembersController],
  providers: [NamesFeed, RenameMember, SetMemberRole],
})
export class MembersModule {}

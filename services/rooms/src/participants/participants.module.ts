import { Module } from '@nestjs/common';
import { AccessCodesModule } from '../access-codes/access-codes.module.js';
import { LiveKitModule } from '../adapters/livekit/livekit.module.js';
import { MeetingsModule } from '../meetings/meetings.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { RoomLogModule } from '../room-log/room-log.module.js';
import { ListParticipants } from './list-participants.js';
import { MuteParticipant } from './mute-participant.js';
import { ParticipantsController } from './participants.controller.js';
import { RemoveParticipant } from './remove-participant.js';

/** People in the meeting, and what hosts may do. */
@Module({
  imports: [AccessCodesModule, LiveKitModule, MeetingsModule, PresenceModule, RoomLogModule],
  controllers: [ParticipantsController],
  providers: [ListParticipants, MuteParticipant, RemoveParticipant],
})
export class ParticipantsModule {}

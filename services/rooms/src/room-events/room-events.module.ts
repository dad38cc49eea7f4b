import { Module } from '@nestjs/common';
import { FilesFeed } from './files-feed.js';
import { ListRoomEvents } from './list-room-events.js';
import { PresenceModule } from '../presence/presence.module.js';
import { RoomLogModule } from '../room-log/room-log.module.js';
import { RoomEventsController } from './room-events.controller.js';

/** The one log of a room that people see. */
@Module({
  imports: [PresenceModule, RoomLogModule],
  controllers: [RoomEventsController],
  providers: [ListRoomEvents, FilesFeed],
  exports: [RoomLogModule],
})
export class RoomEventsModule {}

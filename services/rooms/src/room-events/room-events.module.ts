import { Module } from '@nestjs/common';
import { FilesFeed } from './files-feed.js';
import { ListRoomEvents } from './list-room-events.js';
import { RoomEventLog } from '../room-log/room-event-log.js';
import { RoomEventsController } from './room-events.controller.js';

/** The one log of a room that people see. */
@Module({
  controllers: [RoomEventsController],
  providers: [RoomEventLog, ListRoomEvents, FilesFeed],
  exports: [RoomEventLog],
})
export class RoomEventsModule {}

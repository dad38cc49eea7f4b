import { Module } from '@nestjs/common';
import { RoomEventLog } from './room-event-log.js';

/** Writing into the one log of a room. */
@Module({ providers: [RoomEventLog], exports: [RoomEventLog] })
export class RoomLogModule {}

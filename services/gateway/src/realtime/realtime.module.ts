import { Module } from '@nestjs/common';
import { EventsDoor, eventsTiming } from './events/events-door.js';
import { RoomFeeds } from './events/room-feeds.js';
import { LiveDoor, liveTiming } from './live/live-door.js';
import { LiveRooms } from './live/live-rooms.js';
import { PersonSockets } from './door/person-sockets.js';
import { UpgradeDoor } from './door/upgrade-door.js';

const timing = { heartbeatMs: 20_000, sweepMs: 30_000 };

/** Sockets, and what is heard and said on them. */
@Module({
  providers: [
    { provide: eventsTiming, useValue: timing },
    { provide: liveTiming, useValue: timing },
    EventsDoor,
    LiveDoor,
    LiveRooms,
    PersonSockets,
    RoomFeeds,
    UpgradeDoor,
  ],
})
export class RealtimeModule {}

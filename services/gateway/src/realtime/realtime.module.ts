import { Module } from '@nestjs/common';
import { EventsDoor, eventsTiming } from './events/events-door.js';
import { RoomFeeds } from './feeds/room-feeds.js';
import { LiveDoor, liveTiming } from './live/live-door.js';
import { LiveRooms } from './live/live-rooms.js';
import { PersonSockets } from './door/person-sockets.js';
import { UpgradeDoor } from './door/upgrade-door.js';
import { HostsWord, hostsWordTiming } from './waiting/hosts-word.js';

const timing = { heartbeatMs: 20_000, sweepMs: 30_000 };

/** Sockets, what is heard and said on them, and who waits for a word. */
@Module({
  providers: [
    { provide: eventsTiming, useValue: timing },
    { provide: liveTiming, useValue: timing },
    { provide: hostsWordTiming, useValue: { holdMs: 15_000 } },
    EventsDoor,
    HostsWord,
    LiveDoor,
    LiveRooms,
    PersonSockets,
    RoomFeeds,
    UpgradeDoor,
  ],
})
export class RealtimeModule {}

import { Module } from '@nestjs/common';
import { AccessCodesModule } from '../access-codes/access-codes.module.js';
import { LiveKitModule } from '../adapters/livekit/livekit.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { RoomLogModule } from '../room-log/room-log.module.js';
import { RoomKeysModule } from '../room-keys/room-keys.module.js';
import { CreateRoom } from './create-room.js';
import { DeleteRoom } from './delete-room.js';
import { GetRoom } from './get-room.js';
import { ListRooms } from './list-rooms.js';
import { RoomsController } from './rooms.controller.js';
import { ShredRooms } from './shred-rooms.js';
import { UpdateRoom } from './update-room.js';

/** Rooms themselves. */
@Module({
  imports: [AccessCodesModule, LiveKitModule, PresenceModule, RoomLogModule, RoomKeysModule],
  controllers: [RoomsController],
  providers: [CreateRoom, DeleteRoom, GetRoom, ListRooms, ShredRooms, UpdateRoom],
  exports: [ShredRooms],
})
export class RoomsModule {}

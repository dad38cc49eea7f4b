import { Module } from '@nestjs/common';
import { FileModule } from '../file/file.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { ForgetRoom } from './forget-room.js';
import { RoomsFeed } from './rooms-feed.js';

/** What follows from what happens to rooms. */
@Module({ imports: [FileModule, KeysModule], providers: [ForgetRoom, RoomsFeed] })
export class RoomsModule {}

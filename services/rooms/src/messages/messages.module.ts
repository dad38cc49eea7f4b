import { Module } from '@nestjs/common';
import { RoomLogModule } from '../room-log/room-log.module.js';
import { RoomKeysModule } from '../room-keys/room-keys.module.js';
import { ListMessages } from './list-messages.js';
import { MessagesController } from './messages.controller.js';
import { PostMessage } from './post-message.js';

/** Chat, sealed at rest. */
@Module({
  imports: [RoomLogModule, RoomKeysModule],
  controllers: [MessagesController],
  providers: [ListMessages, PostMessage],
})
export class MessagesModule {}

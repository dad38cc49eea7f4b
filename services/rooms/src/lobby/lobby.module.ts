import { Module } from '@nestjs/common';
import { RoomEventsModule } from '../room-events/room-events.module.js';
import { DecideWaiting } from './decide-waiting.js';
import { Knock } from './knock.js';
import { ListWaiting } from './list-waiting.js';
import { LobbyController } from './lobby.controller.js';
import { OwnRequest } from './own-request.js';
import { SetNewcomersWait } from './set-newcomers-wait.js';

/** Who waits before the door until a host lets them in. */
@Module({
  imports: [RoomEventsModule],
  controllers: [LobbyController],
  providers: [DecideWaiting, Knock, ListWaiting, OwnRequest, SetNewcomersWait],
  exports: [Knock],
})
export class LobbyModule {}

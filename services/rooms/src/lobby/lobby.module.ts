import { Module } from '@nestjs/common';
import { RoomLogModule } from '../room-log/room-log.module.js';
import { DecideWaiting } from './decide-waiting.js';
import { Knock } from './knock.js';
import { ListWaiting } from './list-waiting.js';
import { LobbyController } from './lobby.controller.js';
import { OwnRequest } from './own-request.js';
import { SetNewcomersWait } from './set-newcomers-wait.js';

/** Who waits before the door until a host lets them in. */
@Module({
  imports: [RoomLogModule],
  controllers: [LobbyController],
  providers: [DecideWaiting, Knock, ListWaiting, OwnRequest, SetNewcomersWait],
  exports: [Knock],
})
export class LobbyModule {}

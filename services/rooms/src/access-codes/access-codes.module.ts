import { Module } from '@nestjs/common';
import { RoomKeysModule } from '../room-keys/room-keys.module.js';
import { AccessCodesController } from './access-codes.controller.js';
import { CheckAccessCode } from './check-access-code.js';
import { RoomLogModule } from '../room-log/room-log.module.js';
import { CodeAlarm } from './code-alarm.js';
import { CodeHasher } from './code-hasher.js';
import { GetAccessCode } from './get-access-code.js';
import { NewAccessCode } from './new-access-code.js';
import { RemoveAccessCode } from './remove-access-code.js';
import { RotateAccessCode } from './rotate-access-code.js';

/** Access codes of rooms. */
@Module({
  imports: [RoomLogModule, RoomKeysModule],
  controllers: [AccessCodesController],
  providers: [CheckAccessCode, CodeAlarm, CodeHasher, GetAccessCode, NewAccessCode, RemoveAccessCode, RotateAccessCode],
  exports: [CheckAccessCode, NewAccessCode],
})
export class AccessCodesModule {}

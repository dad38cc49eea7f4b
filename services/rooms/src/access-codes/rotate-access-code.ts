import type { rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { lockRoom } from '../room/room-repository.js';
import { forgetCodeAlarm } from './code-attempts.js';
import { NewAccessCode } from './new-access-code.js';

/** A new code. The old one is void at once, also where it was typed but not yet used. */
@Injectable()
export class RotateAccessCode {
  constructor(
    private readonly transaction: Transaction,
    private readonly newCode: NewAccessCode,
    private readonly audit: RoomsAudit,
    private readonly clock: Clock,
  ) {}

  async execute(grant: Grant): Promise<Answer<typeof rooms.AccessCodesService.method.rotateAccessCode>> {
    const { code, stored } = await this.newCode.make(grant.roomId);
    await this.transaction.run(async (em) => {
      const room = await lockRoom(em, grant);
      room.giveCode(stored, this.clock.now());
      await forgetCodeAlarm(em, room.id);
      await this.audit.record(em, { action: 'access-code.rotated', userId: grant.person.userId, roomId: room.id });
    });
    return { accessCode: code };
  }
}

import type { rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { lockRoom } from '../room/room-repository.js';
import { forgetCodeAlarm } from './code-attempts.js';

/** Removes the code; nobody enters by one any longer. */
@Injectable()
export class RemoveAccessCode {
  constructor(
    private readonly transaction: Transaction,
    private readonly audit: RoomsAudit,
    private readonly clock: Clock,
  ) {}

  async execute(grant: Grant): Promise<Answer<typeof rooms.AccessCodesService.method.removeAccessCode>> {
    await this.transaction.run(async (em) => {
      const room = await lockRoom(em, grant);
      room.removeCode(this.clock.now());
      await forgetCodeAlarm(em, room.id);
      await this.audit.record(em, { action: 'access-code.removed', userId: grant.person.userId, roomId: room.id });
    });
    return {};
  }
}

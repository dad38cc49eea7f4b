import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { lockRoomFor } from '../room/room-repository.js';

/** Removes the code; nobody enters by one any longer. */
@Injectable()
export class RemoveAccessCode {
  constructor(
    private readonly transaction: Transaction,
    private readonly audit: RoomsAudit,
    private readonly clock: Clock,
  ) {}

  async execute(caller: Principal, slug: string): Promise<void> {
    await this.transaction.run(async (em) => {
      const room = await lockRoomFor(em, slug, caller.userId, 'room.access-code');
      room.removeCode(this.clock.now());
      await this.audit.record(em, { action: 'access-code.removed', userId: caller.userId, roomId: room.id });
    });
  }
}

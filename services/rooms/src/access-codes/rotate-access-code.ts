import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { findRoomFor, lockRoomFor } from '../room/room-repository.js';
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

  async execute(caller: Principal, slug: string): Promise<string> {
    // Asked twice: before the costly hash, and again under the lock.
    const { id } = await this.transaction.run((em) => findRoomFor(em, slug, caller.userId, 'room.access-code'));
    const { code, stored } = await this.newCode.make(id);
    await this.transaction.run(async (em) => {
      const room = await lockRoomFor(em, slug, caller.userId, 'room.access-code');
      room.giveCode(stored, this.clock.now());
      await this.audit.record(em, { action: 'access-code.rotated', userId: caller.userId, roomId: room.id });
    });
    return code;
  }
}

import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { RoomVault } from '../room-keys/room-vault.js';
import { findRoomFor } from '../room/room-repository.js';

/** Reads the code again, for the owner; empty when it was removed. */
@Injectable()
export class GetAccessCode {
  constructor(
    private readonly transaction: Transaction,
    private readonly vault: RoomVault,
  ) {}

  async execute(caller: Principal, slug: string): Promise<string> {
    const room = await this.transaction.run((em) => findRoomFor(em, slug, caller.userId, 'room.access-code'));
    return room.codeSealed ? this.vault.openAccessCode(room.id, room.codeSealed) : '';
  }
}

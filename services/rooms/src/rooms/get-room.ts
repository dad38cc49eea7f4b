import type { rooms } from '@conclave/contracts';
import { type MessageInitShape } from '@conclave/contracts';
import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { findRoomFor } from '../room/room-repository.js';
import { viewRoom } from '../room/room-view.js';

/** One room, for those who belong to it. */
@Injectable()
export class GetRoom {
  constructor(private readonly transaction: Transaction) {}

  execute(caller: Principal, slug: string): Promise<MessageInitShape<typeof rooms.RoomSchema>> {
    return this.transaction.run(async (em) => {
      await findRoomFor(em, slug, caller.userId, 'room.view');
      return viewRoom(em, slug, caller.userId);
    });
  }
}

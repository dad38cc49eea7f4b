import type { rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { viewRoom } from '../room/room-view.js';

/** One room, for those who belong to it. */
@Injectable()
export class GetRoom {
  constructor(private readonly transaction: Transaction) {}

  async execute({ roomId, person }: Grant): Promise<Answer<typeof rooms.RoomsService.method.getRoom>> {
    return { room: await this.transaction.run((em) => viewRoom(em, roomId, person.userId)) };
  }
}

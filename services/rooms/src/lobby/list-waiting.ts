import { timestampFromDate, type rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { whoWaits } from './request-repository.js';

/** Who waits before the door, for those who may let them in. */
@Injectable()
export class ListWaiting {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  async execute({ roomId }: Grant): Promise<Answer<typeof rooms.LobbyService.method.listWaiting>> {
    const waiting = await this.transaction.run((em) => whoWaits(em, roomId, this.clock.now()));
    return {
      waiting: waiting.map(({ id, askedAt, ...person }) => ({
        ...person,
        requestId: id,
        askedAt: timestampFromDate(askedAt),
      })),
    };
  }
}

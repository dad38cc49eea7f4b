import { DomainError } from '@conclave/errors';
import type { Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { RoomEventLog } from '../room-log/room-event-log.js';
import { lockRoom } from '../room/room-repository.js';
import { EntryRequest } from './entry-request.js';

/** A host says yes or no to somebody who waits. Under the room's lock one word wins. */
@Injectable()
export class DecideWaiting {
  constructor(
    private readonly transaction: Transaction,
    private readonly log: RoomEventLog,
    private readonly audit: RoomsAudit,
    private readonly clock: Clock,
  ) {}

  async execute(
    grant: Grant,
    { requestId }: { readonly requestId: string },
    word: 'admitted' | 'denied',
  ): Promise<Record<string, never>> {
    await this.transaction.run(async (em) => {
      const room = await lockRoom(em, grant);
      const request = await em.findOne(EntryRequest, { id: requestId, roomId: room.id }, { refresh: true });
      if (!request) throw new DomainError('NOT_FOUND');
      if (!request.decide(word, grant.person.userId, this.clock.now())) return;
      await em.flush();
      await this.log.append(em, room.id, { case: 'doorChanged', value: {} });
      await this.audit.record(em, {
        action: `lobby.${word}`,
        userId: grant.person.userId,
        roomId: room.id,
        detail: { requestId, waitingUserId: request.userId },
      });
    });
    return {};
  }
}

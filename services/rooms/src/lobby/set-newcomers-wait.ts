import { timestampFromDate, type rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { RoomEventLog } from '../room-log/room-event-log.js';
import { lockRoom } from '../room/room-repository.js';
import { EntryRequest } from './entry-request.js';

/** Makes newcomers wait for a host, or no longer. Whoever waits when that ends was let in by it. */
@Injectable()
export class SetNewcomersWait {
  constructor(
    private readonly transaction: Transaction,
    private readonly log: RoomEventLog,
    private readonly audit: RoomsAudit,
    private readonly clock: Clock,
  ) {}

  async execute(
    grant: Grant,
    { wait }: rooms.SetNewcomersWaitRequest,
  ): Promise<Answer<typeof rooms.LobbyService.method.setNewcomersWait>> {
    const since = await this.transaction.run(async (em) => {
      const room = await lockRoom(em, grant);
      if (wait === (room.newcomersWaitSince !== null)) return room.newcomersWaitSince;
      const now = this.clock.now();
      const hostId = grant.person.userId;
      if (wait) room.holdNewcomers(now);
      else {
        room.welcomeNewcomers(now);
        const waiting = await em.find(
          EntryRequest,
          { roomId: room.id, state: 'waiting', expiresAt: { $gt: now } },
          { refresh: true },
        );
        for (const request of waiting) request.decide('admitted', hostId, now);
      }
      await em.flush();
      await this.log.append(em, room.id, { case: 'roomUpdated', value: {} });
      await this.log.append(em, room.id, { case: 'doorChanged', value: {} });
      await this.audit.record(em, { action: wait ? 'lobby.closed' : 'lobby.opened', userId: hostId, roomId: room.id });
      return room.newcomersWaitSince;
    });
    return since ? { newcomersWaitSince: timestampFromDate(since) } : {};
  }
}

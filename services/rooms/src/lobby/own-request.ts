import { timestampFromDate, type rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { findRoom, lockRoomAtDoor } from '../room/room-repository.js';
import { requestStateToWire } from './entry-request.js';
import { lastRequest } from './request-repository.js';

/** Between two notes that somebody still waits: the page asks more often than that. */
const noteEveryMs = 10_000;

/** What somebody who waits may know and do about it: their own request, and nothing of anybody else. */
@Injectable()
export class OwnRequest {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** Asking is the sign of still being there. */
  read(
    { userId }: Principal,
    { slug }: rooms.GetOwnRequestRequest,
  ): Promise<Answer<typeof rooms.LobbyService.method.getOwnRequest>> {
    return this.transaction.run(async (em) => {
      const room = await findRoom(em, slug);
      const request = await lastRequest(em, room.id, userId);
      if (!request) throw new DomainError('NOT_FOUND');
      const now = this.clock.now();
      const state = request.stateAt(now);
      // A statement of its own: a host may be deciding on the row just now, and what was read of it is not written back.
      if (state === 'waiting' && now.getTime() - request.seenAt.getTime() > noteEveryMs)
        await em.execute('update entry_request set seen_at = ? where id = ?', [now, request.id]);
      const open = state === 'waiting' || (state === 'admitted' && request.usedAt === null);
      return {
        roomId: room.id,
        state: requestStateToWire[state],
        ...(open && { expiresAt: timestampFromDate(request.expiresAt) }),
      };
    });
  }

  /** Waits no longer. What a host has answered meanwhile stays as it is. */
  async cancel(
    { userId }: Principal,
    { slug }: rooms.CancelRequestRequest,
  ): Promise<Answer<typeof rooms.LobbyService.method.cancelRequest>> {
    await this.transaction.run(async (em) => {
      const room = await lockRoomAtDoor(em, slug);
      const request = await lastRequest(em, room.id, userId);
      request?.close(this.clock.now());
    });
    return {};
  }
}

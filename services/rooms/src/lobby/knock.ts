import { DomainError } from '@conclave/errors';
import type { Principal } from '@conclave/messaging';
import { Attempts, type AttemptLimit } from '@conclave/persistence';
import { Ids } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { RoomEventLog } from '../room-log/room-event-log.js';
import { addressProof } from '../invitations/address-proof.js';
import type { Room } from '../room/room.js';
import { EntryRequest } from './entry-request.js';
import { lastRequest, whoWaits } from './request-repository.js';

/** People who wait before one door: more than a host can look at are a crowd. */
const mostWaiting = 50;

/** How often one person may ask one room: hosts are not called to the door again and again. */
const knockLimit: AttemptLimit = {
  free: 3,
  firstWaitSeconds: 60,
  longestWaitSeconds: 3_600,
  forgetAfterSeconds: 3_600,
};

const keyOf = (roomId: string, userId: string): string => `knock:${roomId}:${userId}`;

/** Asks a host to be let in. Only entry does, where the one decision says that nothing else is missing. */
@Injectable()
export class Knock {
  constructor(
    private readonly attempts: Attempts,
    private readonly log: RoomEventLog,
    private readonly audit: RoomsAudit,
    private readonly ids: Ids,
  ) {}

  /**
   * Before the transaction, for a limit counts whatever becomes of that.
   *
   * @throws DomainError RATE_LIMITED
   */
  async count(roomId: string, userId: string): Promise<void> {
    await this.attempts.count([{ key: keyOf(roomId, userId), limit: knockLimit, success: 'gives back' }]);
  }

  /** Under the room's lock. Whoever waits already goes on waiting. */
  async execute(em: EntityManager, room: Room, person: Principal, now: Date): Promise<void> {
    const last = await lastRequest(em, room.id, person.userId);
    if (last?.stateAt(now) === 'waiting') return last.see(now);
    if ((await whoWaits(em, room.id, now)).length >= mostWaiting) throw new DomainError('LOBBY_FULL');
    last?.close(now);
    await em.flush();
    const { userId, displayName } = person;
    const verified = (await addressProof(em, room.id, person)) !== null;
    const request = EntryRequest.ask({ id: this.ids.uuidv7(), roomId: room.id, userId, displayName, verified }, now);
    em.persist(request);
    await em.flush();
    await this.log.append(em, room.id, { case: 'lobbyEntered', value: { userId, displayName } });
    await this.audit.record(em, {
      action: 'lobby.asked',
      userId,
      roomId: room.id,
      detail: { requestId: request.id },
    });
  }
}

/** Who asked a deleted room, and how often, goes with it. */
export async function forgetKnocks(em: EntityManager, roomId: string): Promise<void> {
  await em.execute('delete from attempt where key like ?', [keyOf(roomId, '%')]);
}

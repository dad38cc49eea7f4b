import type { rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Outbox, Transaction } from '@conclave/persistence';
import { Clock, Logger } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { forgetCodeAttempts } from '../access-codes/code-attempts.js';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { forgetKnocks } from '../lobby/knock.js';
import { mediaRoomIdsOf } from '../media-room/media-room.js';
import { MediaRemovals } from '../presence/media-removals.js';
import { PresenceRevoker } from '../presence/presence-revoker.js';
import { RoomEventLog } from '../room-log/room-event-log.js';
import { lockRoom } from '../room/room-repository.js';
import { ShredRooms } from './shred-rooms.js';

/** Deletes a room: nobody is inside any longer, messages are shredded, and files hears it through the outbox. */
@Injectable()
export class DeleteRoom {
  constructor(
    private readonly transaction: Transaction,
    private readonly revoker: PresenceRevoker,
    private readonly removals: MediaRemovals,
    private readonly log: RoomEventLog,
    private readonly outbox: Outbox,
    private readonly shredRooms: ShredRooms,
    private readonly audit: RoomsAudit,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  async execute(grant: Grant): Promise<Answer<typeof rooms.RoomsService.method.deleteRoom>> {
    const roomId = await this.transaction.run(async (em) => {
      const room = await lockRoom(em, grant);
      const now = this.clock.now();
      await this.removals.close(em, room.id, await mediaRoomIdsOf(em, room.id));
      await this.revoker.revoke(em, { roomId: room.id }, 'room_deleted');
      await this.log.append(em, room.id, { case: 'roomDeleted', value: {} });
      room.bury(now);
      await em.flush();
      await em.execute('update meeting set ended_at = ?, updated_at = ? where room_id = ? and ended_at is null', [
        now,
        now,
        room.id,
      ]);
      await forgetCodeAttempts(em, room.id);
      await forgetKnocks(em, room.id);
      // `access_code_attempt` is what the release before counted in; a contract step takes it away.
      for (const table of ['message', 'invitation', 'entry_request', 'access_code_attempt', 'room_member'])
        await em.execute(`delete from ${table} where room_id = ?`, [room.id]);
      await this.outbox.add(em, { case: 'roomDeleted', value: { roomId: room.id } });
      await this.audit.record(em, { action: 'room.deleted', userId: grant.person.userId, roomId: room.id });
      return room.id;
    });
    // Deleted is deleted, whether this last step succeeds now or with the next sweep.
    await this.shredRooms
      .shred(roomId)
      .catch((error: unknown) => this.logger.warn('room not shredded yet', { roomId, error }));
    return {};
  }
}

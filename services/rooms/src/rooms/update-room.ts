import type { rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { RoomEventLog } from '../room-log/room-event-log.js';
import { accessLevelFromWire } from '../room/access-level.js';
import { lockRoom } from '../room/room-repository.js';
import { viewRoom } from '../room/room-view.js';

/** Changes name, access level or settings. People who are inside stay; the door asks for the new rules. */
@Injectable()
export class UpdateRoom {
  constructor(
    private readonly transaction: Transaction,
    private readonly log: RoomEventLog,
    private readonly audit: RoomsAudit,
    private readonly clock: Clock,
  ) {}

  async execute(
    grant: Grant,
    { name, accessLevel, settings }: rooms.UpdateRoomRequest,
  ): Promise<Answer<typeof rooms.RoomsService.method.updateRoom>> {
    const level = accessLevel === undefined ? undefined : accessLevelFromWire(accessLevel);
    const room = await this.transaction.run(async (em) => {
      const changed = await lockRoom(em, grant);
      const now = this.clock.now();
      if (name !== undefined) changed.rename(name, now);
      if (level !== undefined) changed.changeAccess(level, now);
      if (settings !== undefined) changed.changeSettings(settings, now);
      await em.flush();
      await this.log.append(em, changed.id, { case: 'roomUpdated', value: {} });
      const view = await viewRoom(em, changed.id, grant.person.userId);
      await this.audit.record(em, {
        action: 'room.changed',
        userId: grant.person.userId,
        roomId: changed.id,
        detail: { accessLevel: changed.accessLevel, askPersonalToken: changed.askPersonalToken },
      });
      return view;
    });
    return { room };
  }
}

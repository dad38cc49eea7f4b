import type { rooms } from '@conclave/contracts';
import { type MessageInitShape } from '@conclave/contracts';
import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { RoomEventLog } from '../room-log/room-event-log.js';
import type { AccessLevel } from '../room/access-level.js';
import { lockRoomFor } from '../room/room-repository.js';
import { viewRoom } from '../room/room-view.js';

/** What to change; what is left out stays. */
export interface UpdateRoomCommand {
  readonly slug: string;
  readonly name?: string;
  readonly accessLevel?: AccessLevel;
  readonly settings?: { readonly askPersonalToken: boolean };
}

/** Changes name, access level or settings. People who are inside stay; the door asks for the new rules. */
@Injectable()
export class UpdateRoom {
  constructor(
    private readonly transaction: Transaction,
    private readonly log: RoomEventLog,
    private readonly audit: RoomsAudit,
    private readonly clock: Clock,
  ) {}

  execute(caller: Principal, command: UpdateRoomCommand): Promise<MessageInitShape<typeof rooms.RoomSchema>> {
    return this.transaction.run(async (em) => {
      const room = await lockRoomFor(em, command.slug, caller.userId, 'room.update');
      const now = this.clock.now();
      if (command.name !== undefined) room.rename(command.name, now);
      if (command.accessLevel !== undefined) room.changeAccess(command.accessLevel, now);
      if (command.settings !== undefined) room.changeSettings(command.settings, now);
      await em.flush();
      await this.log.append(em, room.id, { case: 'roomUpdated', value: {} });
      const view = await viewRoom(em, room.slug, caller.userId);
      await this.audit.record(em, {
        action: 'room.changed',
        userId: caller.userId,
        roomId: room.id,
        detail: { accessLevel: room.accessLevel, askPersonalToken: room.askPersonalToken },
      });
      return view;
    });
  }
}

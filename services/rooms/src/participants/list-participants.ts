import {
  permissionsOf,
  permissionsOver,
  roleToWire,
  timestampFromDate,
  type MessageInitShape,
  type RoomRole,
  type rooms,
} from '@conclave/contracts';
import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { findMember, findRoomFor } from '../room/room-repository.js';

interface Row {
  join_id: string;
  user_id: string;
  display_name: string;
  role: RoomRole;
  joined: number;
}

/** Who is inside, in order of arrival. */
@Injectable()
export class ListParticipants {
  constructor(private readonly transaction: Transaction) {}

  execute(caller: Principal, slug: string): Promise<MessageInitShape<typeof rooms.ParticipantSchema>[]> {
    return this.transaction.run(async (em) => {
      const room = await findRoomFor(em, slug, caller.userId, 'room.view');
      const member = await findMember(em, room.id, caller.userId);
      const held = member?.activeRole ? permissionsOf(member.activeRole) : [];
      const rows = await em.execute<Row[]>(
        `select a.join_id, a.user_id, a.display_name, a.role, (extract(epoch from min(p.joined_at)) * 1000)::float8 as joined
           from participation p join admission a on a.join_id = p.join_id
          where p.room_id = ? and p.left_at is null and a.revoked_at is null
          group by a.join_id order by joined, a.join_id`,
        [room.id],
      );
      return rows.map((row) => ({
        joinId: row.join_id,
        userId: row.user_id,
        displayName: row.display_name,
        role: roleToWire(row.role),
        joinedAt: timestampFromDate(new Date(row.joined)),
        can: [...permissionsOver(held, { role: row.role, self: row.user_id === caller.userId })],
      }));
    });
  }
}

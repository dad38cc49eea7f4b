import {
  addressProofToWire,
  roleToWire,
  timestampFromDate,
  type AddressProof,
  type MessageInitShape,
  type Permission,
  type RoomRole,
  rooms,
} from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { rows, Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';

interface Row {
  joinId: string;
  userId: string | null;
  service: string | null;
  displayName: string;
  role: RoomRole;
  joinedAt: Date;
  addressProof: AddressProof | null;
  inside: boolean;
}

/** Who is inside, in order of arrival, and who was let in and is not connected yet: nobody is on the way in unseen. */
@Injectable()
export class ListParticipants {
  constructor(private readonly transaction: Transaction) {}

  async execute(grant: Grant): Promise<Answer<typeof rooms.ParticipantsService.method.listParticipants>> {
    const inside = await this.transaction.run((em) =>
      rows<Row>(
        em,
        `select a.join_id as "joinId", a.user_id as "userId", a.service, a.display_name as "displayName", a.role,
                m.address_proof as "addressProof",
                coalesce(min(p.joined_at) filter (where p.left_at is null), a.created_at) as "joinedAt",
                count(p.id) filter (where p.left_at is null) > 0 as inside
           from admission a left join participation p on p.join_id = a.join_id
           left join room_member m on m.room_id = a.room_id and m.user_id = a.user_id
          where a.room_id = ? and a.revoked_at is null
          group by a.join_id, m.address_proof
         having count(p.id) filter (where p.left_at is null) > 0 or (count(p.id) = 0 and a.last_active_at is null)
          order by inside desc, "joinedAt", a.join_id`,
        [grant.roomId],
      ),
    );
    return { participants: inside.map((row) => participantMessage(row, grant)) };
  }
}

/** What the caller may do to a participant; a service belongs to the room and has no role that could be changed. */
const canDo = (row: Row, grant: Grant): Permission[] =>
  grant.over(row).filter((permission) => row.userId !== null || permission !== 'room.roles');

const participantMessage = (row: Row, grant: Grant): MessageInitShape<typeof rooms.ParticipantSchema> => ({
  joinId: row.joinId,
  userId: row.userId ?? '',
  service: row.service ?? '',
  displayName: row.displayName,
  role: roleToWire(row.role),
  joinedAt: timestampFromDate(row.joinedAt),
  state: row.inside ? rooms.ParticipantState.INSIDE : rooms.ParticipantState.ARRIVING,
  can: canDo(row, grant),
  verified: row.addressProof !== null,
  ...(row.addressProof && grant.may('room.invite') && { verifiedBy: addressProofToWire(row.addressProof) }),
});

import {
  addressProofToWire,
  roleToWire,
  timestampFromDate,
  type AddressProof,
  type MessageInitShape,
  type Permission,
  type RoomRole,
  type rooms,
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
}

/** Who is inside, in order of arrival. */
@Injectable()
export class ListParticipants {
  constructor(private readonly transaction: Transaction) {}

  async execute(grant: Grant): Promise<Answer<typeof rooms.ParticipantsService.method.listParticipants>> {
    const inside = await this.transaction.run((em) =>
      rows<Row>(
        em,
        `select a.join_id as "joinId", a.user_id as "userId", a.service, a.display_name as "displayName", a.role,
                m.address_proof as "addressProof", min(p.joined_at) as "joinedAt"
           from participation p join admission a on a.join_id = p.join_id
           left join room_member m on m.room_id = a.room_id and m.user_id = a.user_id
          where p.room_id = ? and p.left_at is null and a.revoked_at is null
          group by a.join_id, m.address_proof order by "joinedAt", a.join_id`,
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
  can: canDo(row, grant),
  verified: row.addressProof !== null,
  ...(row.addressProof && grant.may('room.invite') && { verifiedBy: addressProofToWire(row.addressProof) }),
});

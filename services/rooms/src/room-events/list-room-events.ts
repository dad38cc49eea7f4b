import type { rooms } from '@conclave/contracts';
import { timestampFromDate, type MessageInitShape } from '@conclave/contracts';
import { DomainError, invalidArgument } from '@conclave/errors';
import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { findRoom } from '../room/room-repository.js';

const mostEvents = 500;
const usualEvents = 200;

interface Row {
  seq: string;
  type: string;
  data: string;
  at: number;
}

/** Events after a number, for somebody who is admitted now. */
@Injectable()
export class ListRoomEvents {
  constructor(private readonly transaction: Transaction) {}

  execute(
    person: Principal,
    query: { slug: string; after: bigint | undefined; limit: number },
  ): Promise<MessageInitShape<typeof rooms.ListRoomEventsResponseSchema>> {
    if (query.limit > mostEvents) throw invalidArgument('limit');
    // Numbers are bigint in the database; a larger one from outside would be an error there.
    if (query.after !== undefined && query.after >= 1n << 63n) throw invalidArgument('after');
    return this.transaction.run(async (em) => {
      const room = await findRoom(em, query.slug);
      const [admission] = await em.execute<{ join_id: string }[]>(
        `select join_id from admission
          where room_id = ? and user_id = ? and session_id = ? and revoked_at is null order by created_at desc limit 1`,
        [room.id, person.userId, person.sessionId],
      );
      if (!admission) throw new DomainError('NOT_PRESENT');
      const [counter] = await em.execute<{ last: string }[]>(
        'select last_seq::text as last from room_event_counter where room_id = ?',
        [room.id],
      );
      const rows =
        query.after === undefined
          ? []
          : await em.execute<Row[]>(
              `select seq::text as seq, type, data::text as data, (extract(epoch from created_at) * 1000)::float8 as at
                 from room_event e where e.room_id = ? and e.seq > ?::bigint order by e.seq limit ?`,
              [room.id, query.after.toString(), query.limit || usualEvents],
            );
      return {
        events: rows.map((row) => toWire(room.id, row)),
        // What committed between the two queries is in the events already.
        lastSeq: largest(BigInt(counter?.last ?? 0), BigInt(rows.at(-1)?.seq ?? 0)),
        roomId: room.id,
        joinId: admission.join_id,
      };
    });
  }
}

const largest = (a: bigint, b: bigint): bigint => (a > b ? a : b);

const toWire = (roomId: string, { seq, type, data, at }: Row): MessageInitShape<typeof rooms.RoomEventSchema> => ({
  seq: BigInt(seq),
  type,
  at: timestampFromDate(new Date(at)),
  data: new TextEncoder().encode(data),
  roomId,
});

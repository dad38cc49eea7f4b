import { broadcasts, create, rooms, timestampFromDate, toBinary } from '@conclave/contracts';
import { Bus } from '@conclave/messaging';
import { afterCommit } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** Facts of each kind of event: ids, and the name a person shows in the meeting anyway. Never text or names of files. */
export interface RoomEventData {
  'message.created': { messageId: string; authorId: string };
  'file.available': { fileId: string; ownerId: string };
  'file.deleted': { fileId: string };
  'participant.joined': { joinId: string; userId: string; displayName: string };
  'participant.left': { joinId: string; userId: string; reason: string };
  'participant.removed': { joinId: string; userId: string };
  'meeting.started': Record<never, never>;
  'meeting.ended': Record<never, never>;
  'room.updated': Record<never, never>;
  'room.deleted': Record<never, never>;
}

/** Kinds of events people see. */
export type RoomEventType = keyof RoomEventData;

/** The one log of a room. */
@Injectable()
export class RoomEventLog {
  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes an event in the transaction of its cause and tells gateways after the commit. The counter's row stays locked
   * until then, so numbers have no gaps and nobody sees a later one first.
   */
  async append<T extends RoomEventType>(
    em: EntityManager,
    roomId: string,
    type: T,
    data: RoomEventData[T],
  ): Promise<void> {
    const at = this.clock.now();
    const json = JSON.stringify(data);
    const [row] = await em.execute<{ seq: string }[]>(
      'update room_event_counter set last_seq = last_seq + 1 where room_id = ? returning last_seq::text as seq',
      [roomId],
    );
    if (!row) return; // a room without a counter is gone; nobody is left to tell
    await em.execute('insert into room_event (room_id, seq, type, data, created_at) values (?, ?, ?, ?::jsonb, ?)', [
      roomId,
      row.seq,
      type,
      json,
      at,
    ]);
    const event = create(rooms.RoomEventSchema, {
      seq: BigInt(row.seq),
      type,
      at: timestampFromDate(at),
      data: new TextEncoder().encode(json),
      roomId,
    });
    afterCommit(em, () => this.bus.publish(broadcasts.room(roomId), toBinary(rooms.RoomEventSchema, event)));
  }
}

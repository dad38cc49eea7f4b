import {
  broadcasts,
  common,
  create,
  eventToJson,
  kindOf,
  rooms,
  timestampFromDate,
  toBinary,
  type EventInit,
} from '@conclave/contracts';
import { Bus } from '@conclave/messaging';
import { afterCommit } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** What happened: ids, and the name a person shows in the meeting anyway. Never text or names of files. */
export type NewRoomEvent = EventInit<rooms.RoomEvent>;

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
   *
   * @param personId whom it is for, where the audience of its kind is one person
   */
  async append(em: EntityManager, roomId: string, happened: NewRoomEvent, personId?: string): Promise<void> {
    const json = eventToJson(rooms.RoomEventSchema, happened);
    if (!json) throw new TypeError(`no kind of event: ${happened.case}`);
    const personal = kindOf(rooms.RoomEventSchema, happened)?.audience === common.Audience.PERSON;
    if (personal !== (personId !== undefined)) throw new TypeError(`whom is ${json.type} for?`);
    const at = this.clock.now();
    const [row] = await em.execute<{ seq: string }[]>(
      'update room_event_counter set last_seq = last_seq + 1 where room_id = ? returning last_seq::text as seq',
      [roomId],
    );
    if (!row) return; // a room without a counter is gone; nobody is left to tell
    await em.execute(
      'insert into room_event (room_id, seq, type, data, person_id, created_at) values (?, ?, ?, ?::jsonb, ?, ?)',
      [roomId, row.seq, json.type, JSON.stringify(json.facts), personId ?? null, at],
    );
    const event = create(rooms.RoomEventSchema, {
      seq: BigInt(row.seq),
      at: timestampFromDate(at),
      roomId,
      personId: personId ?? '',
      event: happened,
    });
    afterCommit(em, () => this.bus.publish(broadcasts.room(roomId), toBinary(rooms.RoomEventSchema, event)));
  }
}

import {
  audiencesInside,
  common,
  eventFromJson,
  permissionsOf,
  rooms,
  timestampFromDate,
  typesFor,
  type MessageInitShape,
  type RoomRole,
} from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { rows, Transaction } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { ProvePresence } from '../presence/prove-presence.js';
import { lastStay } from '../admission/last-stay.js';
import { findRoom } from '../room/room-repository.js';

interface Row {
  seq: string;
  personId: string;
  type: string;
  data: string;
  createdAt: Date;
}

interface Standing {
  readonly roomId: string;
  readonly joinId: string;
  readonly role: RoomRole;
}

type Listed = Answer<typeof rooms.RoomEventsService.method.listRoomEvents>;

/** Events after a number that are for the one who asks, who is in the meeting now. */
@Injectable()
export class ListRoomEvents {
  constructor(
    private readonly transaction: Transaction,
    private readonly provePresence: ProvePresence,
  ) {}

  async execute(person: Principal, query: rooms.ListRoomEventsRequest): Promise<Listed> {
    const admission = await this.transaction.run((em) => admissionOf(em, person, query));
    const present = await this.isPresent(person, admission);
    return this.transaction.run(async (em) => {
      // Asked before the log is read: who lost the admission meanwhile reads nothing.
      const { roomId, joinId, role } = await admissionOf(em, person, query);
      const [counter] = await em.execute<{ last: string }[]>(
        'select last_seq::text as last from room_event_counter where room_id = ?',
        [roomId],
      );
      const last = BigInt(counter?.last ?? 0);
      if (!present) {
        const from = query.after ?? last;
        return { roomId, joinId, lastSeq: from, throughSeq: from, waiting: true };
      }
      const audiences = audiencesInside(role);
      const rows = query.after === undefined ? [] : await eventsFor(em, roomId, person.userId, audiences, query);
      const lastRow = BigInt(rows.at(-1)?.seq ?? 0);
      // Numbers are given in the order of commits: what the second query saw has nothing missing before it.
      const lastSeq = largest(last, lastRow);
      return {
        events: rows.map((row) => toWire(roomId, row)),
        lastSeq,
        throughSeq: rows.length === query.limit ? lastRow : lastSeq,
        roomId,
        joinId,
        audiences: [...audiences],
        permissions: [...permissionsOf(role)],
      };
    });
  }

  private async isPresent(
    { userId, sessionId, credentialId }: Principal,
    { roomId, joinId }: Standing,
  ): Promise<boolean> {
    try {
      await this.provePresence.prove({ room: { id: roomId }, userId, sessionId, credentialId, joinId });
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.reason === 'NOT_PRESENT') return false;
      throw error;
    }
  }
}

/** The admission to stand on: the one that is named, or the caller's latest. @throws DomainError NOT_PRESENT */
async function admissionOf(
  em: EntityManager,
  { userId, sessionId }: Principal,
  { slug, joinId }: rooms.ListRoomEventsRequest,
): Promise<Standing> {
  const { id: roomId } = await findRoom(em, slug);
  const [admission] = await em.execute<Standing[]>(
    `select room_id as "roomId", join_id as "joinId", role from admission
      where room_id = ? and user_id = ? and session_id = ? and revoked_at is null and (?::text is null or join_id = ?)
      order by created_at desc limit 1`,
    [roomId, userId, sessionId, joinId ?? null, joinId ?? null],
  );
  if (admission) return admission;
  const stay = await lastStay(em, roomId, userId, joinId);
  throw new DomainError('NOT_PRESENT', stay ? { details: { stayEnded: stay.reason } } : {});
}

function eventsFor(
  em: EntityManager,
  roomId: string,
  userId: string,
  audiences: readonly common.Audience[],
  { after = 0n, limit }: rooms.ListRoomEventsRequest,
): Promise<Row[]> {
  const personal = typesFor([common.Audience.PERSON]);
  return rows<Row>(
    em,
    `select seq::text as seq, type, data::text as data, created_at as "createdAt",
            coalesce(person_id::text, '') as "personId"
       from room_event e
      where e.room_id = ? and e.seq > ?::bigint and e.type = any (string_to_array(?, ' '))
        and (e.person_id = ? or e.type <> all (string_to_array(?, ' ')))
      order by e.seq limit ?`,
    [roomId, after.toString(), typesFor(audiences).join(' '), userId, personal.join(' '), limit],
  );
}

const largest = (a: bigint, b: bigint): bigint => (a > b ? a : b);

const toWire = (
  roomId: string,
  { seq, type, data, createdAt, personId }: Row,
): MessageInitShape<typeof rooms.RoomEventSchema> => ({
  seq: BigInt(seq),
  at: timestampFromDate(createdAt),
  roomId,
  personId,
  event: eventFromJson<rooms.RoomEvent>(rooms.RoomEventSchema, type, JSON.parse(data)),
});

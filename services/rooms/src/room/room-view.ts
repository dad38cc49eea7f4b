import {
  permissionsOf,
  roleHas,
  roleToWire,
  timestampFromDate,
  type MessageInitShape,
  type RoomRole,
  type rooms,
} from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { rows } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { accessLevelToWire, type AccessLevel } from './access-level.js';

interface Row {
  id: string;
  slug: string;
  name: string;
  accessLevel: AccessLevel;
  askPersonalToken: boolean;
  newcomersHeldAt: Date | null;
  codeGuessedAt: Date | null;
  role: RoomRole;
  ownerId: string;
  ownerName: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  activityAt: Date;
  members: number;
  startedAt: Date | null;
  participants: number;
}

/** One query for the list and for a single room, so that the two never tell different stories. */
const select = `
  select r.id, r.slug, r.name, r.access_level as "accessLevel", r.ask_personal_token as "askPersonalToken",
         r.newcomers_wait_since as "newcomersHeldAt", r.code_guessed_at as "codeGuessedAt", m.role,
         r.owner_id as "ownerId", o.display_name as "ownerName", r.created_at as "createdAt",
         r.last_used_at as "lastUsedAt", r.activity_at as "activityAt", mt.started_at as "startedAt",
         (select count(*)::int from room_member c where c.room_id = r.id and c.status = 'active') as members,
         (select count(distinct p.join_id)::int from participation p where p.room_id = r.id and p.left_at is null) as participants
    from room_member m
    join room r on r.id = m.room_id
    join room_member o on o.room_id = r.id and o.user_id = r.owner_id
    left join meeting mt on mt.room_id = r.id and mt.ended_at is null
   where m.user_id = ? and m.status = 'active' and r.deleted_at is null`;

/** One room as the caller sees it; NOT_FOUND for those who do not belong. */
export async function viewRoom(
  em: EntityManager,
  roomId: string,
  userId: string,
): Promise<MessageInitShape<typeof rooms.RoomSchema>> {
  const [row] = await rows<Row>(em, `${select} and r.id = ?`, [userId, roomId]);
  if (!row) throw new DomainError('NOT_FOUND');
  return toRoom(row);
}

/** Where a page ended. */
export interface RoomCursor {
  readonly activity: number;
  readonly id: string;
}

/** A page, last used first. */
export async function viewRooms(
  em: EntityManager,
  userId: string,
  limit: number,
  after: RoomCursor | null,
): Promise<{ items: MessageInitShape<typeof rooms.RoomSchema>[]; next: RoomCursor | null }> {
  const keyset = after ? `and (r.activity_at, r.id) < (to_timestamp(?::float8 / 1000), ?::uuid)` : '';
  const found = await rows<Row>(
    em,
    `${select} ${keyset} order by r.activity_at desc, r.id desc limit ?`,
    after ? [userId, after.activity, after.id, limit + 1] : [userId, limit + 1],
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toRoom),
    next: found.length > limit && last ? { activity: last.activityAt.getTime(), id: last.id } : null,
  };
}

/** The meeting of a room, for people before its door; undefined when nobody is inside. */
export async function viewMeeting(
  em: EntityManager,
  roomId: string,
): Promise<MessageInitShape<typeof rooms.MeetingSchema> | undefined> {
  const [row] = await rows<{ startedAt: Date | null; participants: number }>(
    em,
    `select mt.started_at as "startedAt",
            (select count(distinct p.join_id)::int from participation p where p.room_id = mt.room_id and p.left_at is null) as participants
       from meeting mt where mt.room_id = ? and mt.ended_at is null`,
    [roomId],
  );
  return row && toMeeting(row);
}

function toMeeting(row: {
  startedAt: Date | null;
  participants: number;
}): MessageInitShape<typeof rooms.MeetingSchema> | undefined {
  if (row.startedAt === null || row.participants === 0) return undefined;
  return { startedAt: timestampFromDate(row.startedAt), participantCount: row.participants };
}

function toRoom(row: Row): MessageInitShape<typeof rooms.RoomSchema> {
  const meeting = toMeeting(row);
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    accessLevel: accessLevelToWire(row.accessLevel),
    settings: { askPersonalToken: row.askPersonalToken },
    role: roleToWire(row.role),
    owner: { id: row.ownerId, displayName: row.ownerName },
    createdAt: timestampFromDate(row.createdAt),
    ...(row.lastUsedAt !== null && { lastUsedAt: timestampFromDate(row.lastUsedAt) }),
    ...(meeting && { meeting }),
    memberCount: row.members,
    ...(row.newcomersHeldAt && { newcomersWaitSince: timestampFromDate(row.newcomersHeldAt) }),
    ...(row.codeGuessedAt &&
      roleHas(row.role, 'room.access-code') && { codeGuessedAt: timestampFromDate(row.codeGuessedAt) }),
    can: [...permissionsOf(row.role)],
  };
}

import {
  permissionsOf,
  roleToWire,
  timestampFromDate,
  type MessageInitShape,
  type RoomRole,
  type rooms,
} from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { EntityManager } from '@mikro-orm/postgresql';
import { accessLevelToWire, type AccessLevel } from './access-level.js';

interface Row {
  id: string;
  slug: string;
  name: string;
  access_level: AccessLevel;
  ask_personal_token: boolean;
  role: RoomRole;
  owner_id: string;
  owner_name: string;
  created: number;
  last_used: number | null;
  activity: number;
  members: number;
  started: number | null;
  participants: number;
}

/** One query for the list and for a single room, so that the two never tell different stories. */
const select = `
  select r.id, r.slug, r.name, r.access_level, r.ask_personal_token, m.role, r.owner_id, o.display_name as owner_name,
         (extract(epoch from r.created_at) * 1000)::float8 as created,
         (extract(epoch from r.last_used_at) * 1000)::float8 as last_used,
         (extract(epoch from r.activity_at) * 1000)::float8 as activity,
         (select count(*)::int from room_member c where c.room_id = r.id and c.status = 'active') as members,
         (extract(epoch from mt.started_at) * 1000)::float8 as started,
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
  const [row] = await em.execute<Row[]>(`${select} and r.id = ?`, [userId, roomId]);
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
  const rows = await em.execute<Row[]>(
    `${select} ${keyset} order by r.activity_at desc, r.id desc limit ?`,
    after ? [userId, after.activity, after.id, limit + 1] : [userId, limit + 1],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toRoom),
    next: rows.length > limit && last ? { activity: last.activity, id: last.id } : null,
  };
}

/** The meeting of a room, for people before its door; undefined when nobody is inside. */
export async function viewMeeting(
  em: EntityManager,
  roomId: string,
): Promise<MessageInitShape<typeof rooms.MeetingSchema> | undefined> {
  const [row] = await em.execute<{ started: number | null; participants: number }[]>(
    `select (extract(epoch from mt.started_at) * 1000)::float8 as started,
            (select count(distinct p.join_id)::int from participation p where p.room_id = mt.room_id and p.left_at is null) as participants
       from meeting mt where mt.room_id = ? and mt.ended_at is null`,
    [roomId],
  );
  return row && toMeeting(row);
}

function toMeeting(row: {
  started: number | null;
  participants: number;
}): MessageInitShape<typeof rooms.MeetingSchema> | undefined {
  if (row.started === null || row.participants === 0) return undefined;
  return { startedAt: timestampFromDate(new Date(row.started)), participantCount: row.participants };
}

function toRoom(row: Row): MessageInitShape<typeof rooms.RoomSchema> {
  const meeting = toMeeting(row);
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    accessLevel: accessLevelToWire(row.access_level),
    settings: { askPersonalToken: row.ask_personal_token },
    role: roleToWire(row.role),
    owner: { id: row.owner_id, displayName: row.owner_name },
    createdAt: timestampFromDate(new Date(row.created)),
    ...(row.last_used !== null && { lastUsedAt: timestampFromDate(new Date(row.last_used)) }),
    ...(meeting && { meeting }),
    memberCount: row.members,
    can: [...permissionsOf(row.role)],
  };
}

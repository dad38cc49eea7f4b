import type { Ids } from '@conclave/platform';
import { defineEntity, p } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';

/** What a media room is for: the one where everybody meets, or one of several beside it. */
export type MediaRoomKind = 'main' | 'breakout';

const schema = defineEntity({
  name: 'MediaRoom',
  tableName: 'media_room',
  properties: {
    /** What the media server calls it. */
    id: p.uuid().primary(),
    roomId: p.uuid(),
    kind: p.text().$type<MediaRoomKind>(),
    /** As people read it; empty for the main one, which they know by the room's name. */
    name: p.text(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** A room at the media server, behind a room of ours. Present in a room is who is active in any of its media rooms. */
export class MediaRoom extends schema.class {
  static open(facts: { id: string; roomId: string; kind: MediaRoomKind; name: string }, now: Date): MediaRoom {
    return Object.assign(new MediaRoom(), facts, { createdAt: now, updatedAt: now });
  }
}
schema.setClass(MediaRoom);

/** The room's main media room, made with its first admission; the room must be locked. */
export async function mainMediaRoom(em: EntityManager, roomId: string, ids: Ids, now: Date): Promise<MediaRoom> {
  const known = await em.findOne(MediaRoom, { roomId, kind: 'main' }, { refresh: true });
  if (known) return known;
  // The release before named a room's media room by the room: where it has let people in, everybody meets there.
  const [before] = await em.execute<unknown[]>(
    'select 1 from admission where room_id = ? and media_room_id is null and revoked_at is null limit 1',
    [roomId],
  );
  const made = MediaRoom.open({ id: before ? roomId : ids.uuidv7(), roomId, kind: 'main', name: '' }, now);
  em.persist(made);
  await em.flush();
  return made;
}

/** What the media server may call this room's media rooms; the release before named them by the room. */
export async function mediaRoomIdsOf(em: EntityManager, roomId: string): Promise<readonly string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from media_room where room_id = ?
      union select coalesce(media_room_id, room_id) from admission where room_id = ? and revoked_at is null`,
    [roomId, roomId],
  );
  return rows.map(({ id }) => id);
}

/** The room behind a name that the media server tells; null where it is none of ours. */
export async function roomIdOfMediaRoom(em: EntityManager, mediaRoomId: string): Promise<string | null> {
  const [row] = await em.execute<{ id: string }[]>(
    'select room_id as id from media_room where id = ? union all select id from room where id = ? limit 1',
    [mediaRoomId, mediaRoomId],
  );
  return row?.id ?? null;
}

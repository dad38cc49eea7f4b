import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { join } from './support/join.js';
import { eventually, openStage, type Actor, type Stage } from './support/stage.js';

/** Where the media server is told to lead a connection of this admission. */
async function mediaRoomOf(person: Actor, { ticket }: { ticket: string }): Promise<string> {
  const { mediaToken } = await person.entry.authorizeMedia({ ticket });
  return (decodeJwt(mediaToken)['video'] as { room: string }).room;
}

describe('media rooms', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  }, 60_000);

  it('stand between a room and the media server: one, main, under a name of its own', async () => {
    const owner = stage.person();
    const { room } = await owner.rooms.createRoom({ name: 'One', accessLevel: 1 });
    const { slug } = room!;
    const first = await join(stage, owner, slug);
    const second = await join(stage, owner, slug);
    const mediaRoom = await mediaRoomOf(owner, first);
    expect(mediaRoom).not.toBe(room!.id);
    expect(await mediaRoomOf(owner, second)).toBe(mediaRoom);
    const { rows } = await stage.sql.query('select id, kind from media_room where room_id = $1', [room!.id]);
    expect(rows).toEqual([{ id: mediaRoom, kind: 'main' }]);
    await eventually(async () =>
      expect((await owner.participants.listParticipants({ slug })).participants).toHaveLength(2),
    );
    await expect(owner.entry.authorizeMedia({ ticket: first.ticket })).resolves.toMatchObject({
      roomId: room!.id,
      joinId: first.joinId,
    });
  });

  it('of the release before go by the room itself, so that a meeting outlives an upgrade', async () => {
    const owner = stage.person();
    const { room } = await owner.rooms.createRoom({ name: 'Older', accessLevel: 1 });
    const { slug, id } = room!;
    // What the release before wrote: an admission that names no media room, and what the migration made of its room.
    await stage.sql.query(
      `insert into media_room (id, room_id, kind, name, created_at, updated_at) values ($1, $1, 'main', '', now(), now())`,
      [id],
    );
    const tab = await join(stage, owner, slug);
    expect(await mediaRoomOf(owner, tab)).toBe(id);
    await stage.sql.query('update admission set media_room_id = null where join_id = $1', [tab.joinId]);
    await expect(owner.entry.authorizeMedia({ ticket: tab.ticket })).resolves.toMatchObject({ roomId: id });
    await eventually(async () =>
      expect(await stage.presence.provePresence({ roomId: id, userId: owner.userId })).toMatchObject({ roomId: id }),
    );
    await owner.participants.endMeeting({ slug });
    await eventually(async () => expect(tab.media.isConnected).toBe(false));
  });

  it('lead where the admission does, whatever was when it was given', async () => {
    const owner = stage.person();
    const { room } = await owner.rooms.createRoom({ name: 'Here', accessLevel: 1 });
    const tab = await join(stage, owner, room!.slug);
    const elsewhere = randomUUID();
    await stage.sql.query(
      `insert into media_room (id, room_id, kind, name, created_at, updated_at) values ($1, $2, 'breakout', 'B', now(), now())`,
      [elsewhere, room!.id],
    );
    await stage.sql.query('update admission set media_room_id = $1 where join_id = $2', [elsewhere, tab.joinId]);
    expect(await mediaRoomOf(owner, tab)).toBe(elsewhere);
  });
});

import { rooms } from '@conclave/contracts';
import { join } from './support/join.js';
import { eventually, openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

interface Scene {
  readonly owner: Actor;
  readonly host: Actor;
  readonly slug: string;
  readonly roomId: string;
  /** The admission of a guest who is connected. */
  readonly guestJoinId: string;
  readonly guestId: string;
}

async function scene(): Promise<Scene> {
  const [owner, host, guest] = [stage.person(), stage.person(), stage.person()];
  const { room } = await owner.rooms.createRoom({ name: 'Before', accessLevel: rooms.AccessLevel.ORGANISATION });
  const { id: roomId = '', slug = '' } = room ?? {};
  await join(stage, host, slug);
  await owner.members.setMemberRole({ slug, userId: host.userId, role: rooms.RoomRole.MODERATOR });
  const { joinId: guestJoinId } = await join(stage, guest, slug);
  // The media server has told of both, so that nothing else waits for the room's lock.
  await eventually(async () =>
    expect((await owner.participants.listParticipants({ slug })).participants).toHaveLength(2),
  );
  return { owner, host, slug, roomId, guestJoinId, guestId: guest.userId };
}

/** Calls while another transaction holds the room's lock and, once the call has passed the door and waits, takes the right away. */
async function meanwhile(roomId: string, call: () => Promise<unknown>, takeAway: string, values: string[]) {
  await stage.sql.query('begin');
  try {
    await stage.sql.query('select 1 from room where id = $1 for update', [roomId]);
    const outcome = refusal(call());
    await eventually(async () => {
      const { rowCount } = await stage.sql.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      expect(rowCount).toBeGreaterThan(0);
    });
    await stage.sql.query(takeAway, values);
    await stage.sql.query('commit');
    return await outcome;
  } catch (error) {
    await stage.sql.query('rollback');
    throw error;
  }
}

const demote = `update room_member set role = 'participant' where room_id = $1 and user_id = $2`;
const remove = `update room_member set status = 'removed', removed_at = now() where room_id = $1 and user_id = $2`;

/** Every act that changes something in a room by right, and who does it. */
const acts: readonly (readonly [string, 'owner' | 'host', (s: Scene) => Promise<unknown>])[] = [
  ['changing the room', 'owner', ({ owner, slug }) => owner.rooms.updateRoom({ slug, name: 'After' })],
  ['deleting the room', 'owner', ({ owner, slug }) => owner.rooms.deleteRoom({ slug })],
  ['a new code', 'owner', ({ owner, slug }) => owner.codes.rotateAccessCode({ slug })],
  ['taking the code away', 'owner', ({ owner, slug }) => owner.codes.removeAccessCode({ slug })],
  [
    'making a co-host',
    'owner',
    ({ owner, slug, guestId }) =>
      owner.members.setMemberRole({ slug, userId: guestId, role: rooms.RoomRole.MODERATOR }),
  ],
  ['inviting', 'host', ({ host, slug }) => host.invitations.createInvitation({ slug, email: 'a@example.test' })],
  ['muting', 'host', ({ host, slug, guestJoinId: joinId }) => host.participants.muteParticipant({ slug, joinId })],
  [
    'putting out',
    'host',
    ({ host, slug, guestJoinId: joinId }) => host.participants.removeParticipant({ slug, joinId }),
  ],
  ['ending the meeting', 'host', ({ host, slug }) => host.participants.endMeeting({ slug })],
];

describe('a right that goes away between the door and the act', () => {
  it.each(acts)('is gone for %s', async (_what, who, act) => {
    const s = await scene();
    const person = s[who];
    expect(await meanwhile(s.roomId, () => act(s), demote, [s.roomId, person.userId])).toBe('PERMISSION_DENIED');
    const { rows } = await stage.sql.query<{ name: string; deleted: boolean; version: number; live: number }>(
      `select name, deleted_at is not null as deleted, code_version as version,
              (select count(*)::int from admission a where a.room_id = r.id and a.revoked_at is null) as live
         from room r where id = $1`,
      [s.roomId],
    );
    expect(rows).toEqual([{ name: 'Before', deleted: false, version: 1, live: 2 }]);
    expect((await s.owner.rooms.getRoom({ slug: s.slug })).room?.memberCount).toBe(3);
  });

  it('leaves somebody who was put out meanwhile as much a stranger as any other', async () => {
    const s = await scene();
    const invite = () => s.host.invitations.createInvitation({ slug: s.slug });
    expect(await meanwhile(s.roomId, invite, remove, [s.roomId, s.host.userId])).toBe('NOT_FOUND');
  });

  it('takes the last word of somebody whose admission has ended meanwhile', async () => {
    const s = await scene();
    const say = () => s.host.messages.postMessage({ slug: s.slug, text: 'too late' });
    const revoke = `update admission set revoked_at = now(), revoked_reason = 'removed' where room_id = $1 and user_id = $2`;
    expect(await meanwhile(s.roomId, say, revoke, [s.roomId, s.host.userId])).toBe('NOT_PRESENT');
    const { rows } = await stage.sql.query('select 1 from message where room_id = $1', [s.roomId]);
    expect(rows).toEqual([]);
  });
});

import { verifyChain } from '@conclave/audit';
import { rooms } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

interface Row {
  readonly action: string;
  readonly actor: string;
  readonly detail: Record<string, unknown>;
}

/** What is on record about a room, oldest first. */
const trailOf = async (roomId: string): Promise<Row[]> =>
  (
    await stage.sql.query<Row>(`select action, actor, detail from audit where subject = $1 order by seq`, [
      `room:${roomId}`,
    ])
  ).rows;

async function makeRoom(
  owner: Actor,
  accessLevel = rooms.AccessLevel.INVITED,
): Promise<{ slug: string; roomId: string; accessCode: string }> {
  const { room, accessCode } = await owner.rooms.createRoom({ name: 'Secret Merger', accessLevel });
  return { slug: room?.slug ?? '', roomId: room?.id ?? '', accessCode };
}

const tokenOf = (link: string): string => link.slice(link.indexOf('#') + 1);

describe('on record', () => {
  it('is the whole life of a room, with who did it, and nobody’s words', async () => {
    const owner = stage.person({ displayName: 'Marta Berg' });
    const { slug, roomId } = await makeRoom(owner);
    const paul = stage.person({ displayName: 'Paul Weiss', email: 'paul-on-record@example.test' });
    const lena = stage.person();

    const byAddress = await owner.invitations.createInvitation({ slug, email: paul.email });
    const { joinId } = await paul.entry.requestEntry({ slug });
    const byLink = await owner.invitations.createInvitation({ slug });
    await lena.invitations.acceptInvitation({ token: tokenOf(byLink.link) });
    await owner.codes.rotateAccessCode({ slug });
    await owner.codes.removeAccessCode({ slug });
    await owner.rooms.updateRoom({ slug, name: 'New Name', accessLevel: rooms.AccessLevel.ORGANISATION });
    await owner.participants.removeParticipant({ slug, joinId });
    await owner.invitations.revokeInvitation({ slug, invitationId: byLink.invitation?.id ?? '' });
    await owner.participants.endMeeting({ slug });
    await owner.rooms.deleteRoom({ slug });

    const marta = `user:${owner.userId}`;
    const addressed = byAddress.invitation?.id;
    const linked = byLink.invitation?.id;
    expect(await trailOf(roomId)).toEqual([
      { action: 'room.created', actor: marta, detail: { accessLevel: 'invited', askPersonalToken: false } },
      { action: 'invitation.created', actor: marta, detail: { invitationId: addressed, by: 'address' } },
      {
        action: 'invitation.accepted',
        actor: `user:${paul.userId}`,
        detail: { invitationId: addressed, by: 'address' },
      },
      { action: 'entry.admitted', actor: `user:${paul.userId}`, detail: { joinId, role: 'participant' } },
      { action: 'invitation.created', actor: marta, detail: { invitationId: linked, by: 'link' } },
      { action: 'invitation.accepted', actor: `user:${lena.userId}`, detail: { invitationId: linked, by: 'link' } },
      { action: 'access-code.rotated', actor: marta, detail: {} },
      { action: 'access-code.removed', actor: marta, detail: {} },
      { action: 'room.changed', actor: marta, detail: { accessLevel: 'organisation', askPersonalToken: false } },
      { action: 'participant.removed', actor: marta, detail: { removedUserId: paul.userId, joinId } },
      { action: 'invitation.revoked', actor: marta, detail: { invitationId: linked, acceptedBy: lena.userId } },
      { action: 'meeting.ended', actor: marta, detail: { admissions: 0 } },
      { action: 'room.deleted', actor: marta, detail: {} },
    ]);
    const { rows } = await stage.sql.query<{ row: string }>('select a::text as row from audit a');
    for (const word of ['Merger', 'New Name', 'Marta', 'Paul', '@', 'cnv_', slug])
      expect(rows.map(({ row }) => row).join('\n')).not.toContain(word);
  });

  it('is each refusal at the door, by its reason', async () => {
    const owner = stage.person();
    const invited = await makeRoom(owner);
    const coded = await makeRoom(owner, rooms.AccessLevel.CODE);
    const open = await makeRoom(owner, rooms.AccessLevel.ORGANISATION);
    const guest = stage.person();
    const reasonsOf = async (roomId: string): Promise<unknown[]> =>
      (await trailOf(roomId))
        .filter(({ action, actor }) => action === 'entry.refused' && actor === `user:${guest.userId}`)
        .map(({ detail }) => detail['reason']);

    await refusal(guest.entry.requestEntry({ slug: invited.slug }));
    expect(await reasonsOf(invited.roomId)).toEqual(['NOT_INVITED']);

    await refusal(guest.entry.requestEntry({ slug: coded.slug }));
    for (let i = 0; i < 6; i++) await refusal(guest.entry.requestEntry({ slug: coded.slug, accessCode: 'zzzz-zzzz' }));
    expect(await reasonsOf(coded.roomId)).toEqual([
      'ACCESS_CODE_REQUIRED',
      ...Array.from({ length: 5 }, () => 'ACCESS_CODE_WRONG'),
      'RATE_LIMITED',
    ]);

    const { joinId } = await guest.entry.requestEntry({ slug: open.slug });
    await owner.participants.removeParticipant({ slug: open.slug, joinId });
    await refusal(guest.entry.requestEntry({ slug: open.slug }));
    await owner.lobby.setNewcomersWait({ slug: open.slug, wait: false });
    await owner.rooms.updateRoom({ slug: open.slug, settings: { askPersonalToken: true } });
    const other = stage.person();
    await refusal(other.entry.requestEntry({ slug: open.slug }));
    await refusal(other.entry.requestEntry({ slug: open.slug, personalToken: 'cnv_nothing' }));
    await stage.sql.query('update room set capacity = 1, ask_personal_token = false where id = $1', [open.roomId]);
    await stage.person().entry.requestEntry({ slug: open.slug });
    await refusal(other.entry.requestEntry({ slug: open.slug }));
    expect(await reasonsOf(open.roomId)).toEqual(['REMOVED_FROM_ROOM']);
    expect((await trailOf(open.roomId)).filter(({ action }) => action === 'entry.refused')).toMatchObject(
      ['REMOVED_FROM_ROOM', 'PERSONAL_TOKEN_REQUIRED', 'PERSONAL_TOKEN_WRONG', 'ROOM_FULL'].map((reason) => ({
        detail: { reason },
      })),
    );
  });

  it('is nothing of what did not happen', async () => {
    const owner = stage.person();
    const { slug, roomId } = await makeRoom(owner);
    const before = await trailOf(roomId);
    const stranger = stage.person();
    await refusal(stranger.rooms.deleteRoom({ slug }));
    await refusal(stranger.codes.rotateAccessCode({ slug }));
    await refusal(stranger.invitations.createInvitation({ slug }));
    await refusal(owner.invitations.createInvitation({ slug, email: 'nonsense' }));
    await refusal(owner.participants.removeParticipant({ slug, joinId: 'nobody' }));
    expect(await trailOf(roomId)).toEqual(before);
  });

  it('no change happens without its row', async () => {
    const owner = stage.person();
    const { slug, roomId } = await makeRoom(owner, rooms.AccessLevel.ORGANISATION);
    await stage.sql.query('alter table audit rename to away');
    try {
      expect(await refusal(owner.entry.requestEntry({ slug }))).toBe('INTERNAL');
      expect(await refusal(owner.rooms.deleteRoom({ slug }))).toBe('INTERNAL');
      expect(await refusal(owner.codes.removeAccessCode({ slug }))).toBe('INTERNAL');
    } finally {
      await stage.sql.query('alter table away rename to audit');
    }
    expect((await stage.sql.query('select 1 from admission where room_id = $1', [roomId])).rowCount).toBe(0);
    expect((await owner.codes.getAccessCode({ slug })).accessCode).not.toBe('');
    await owner.entry.requestEntry({ slug });
  });

  it('is a chain that holds, through twenty entries at once, and that nobody shortens', async () => {
    const owner = stage.person();
    const { slug } = await makeRoom(owner, rooms.AccessLevel.ORGANISATION);
    await Promise.all(Array.from({ length: 20 }, () => stage.person().entry.requestEntry({ slug })));
    expect(await verifyChain(async (sql) => (await stage.sql.query(sql)).rows)).toMatchObject({ intact: true });
    await expect(stage.sql.query('delete from audit')).rejects.toThrow(/never changed/);
  });
});

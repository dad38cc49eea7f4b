import { broadcasts, common, fromBinary, rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from './support/join.js';
import { openRoom } from './support/open-room.js';
import { eventually, openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

const doorOf = async (person: Actor, slug: string, joinId?: string) =>
  (await person.rooms.getDoor({ slug, ...(joinId && { joinId }) })).door;

/** What the gateways are told of a room. */
function told(roomId: string): { joinIds: string[]; reason: common.StayEnd }[] {
  const heard: { joinIds: string[]; reason: common.StayEnd }[] = [];
  stage.gateway.subscribe(broadcasts.presenceRevoked, (data) => {
    const revoked = fromBinary(common.PresenceRevokedSchema, data);
    if (revoked.roomId === roomId) heard.push({ joinIds: revoked.joinIds, reason: revoked.reason });
  });
  return heard;
}

const ways: [
  string,
  common.StayEnd,
  (parts: { owner: Actor; guest: Actor; slug: string; joinId: string }) => unknown,
][] = [
  ['leaving', common.StayEnd.LEFT, ({ guest, slug, joinId }) => guest.entry.leave({ slug, joinId })],
  [
    'a removal',
    common.StayEnd.REMOVED,
    ({ owner, slug, joinId }) => owner.participants.removeParticipant({ slug, joinId }),
  ],
  ['the end for all', common.StayEnd.MEETING_ENDED, ({ owner, slug }) => owner.participants.endMeeting({ slug })],
  [
    'the end of the session',
    common.StayEnd.SESSION_ENDED,
    ({ guest: { userId, sessionId } }) =>
      stage.neighbours.authAnnounces({ type: 'session.revoked', payload: { userId, sessionIds: [sessionId] } }),
  ],
];

describe('how a stay ended', () => {
  it.each(ways)('by %s is told to gateways, to the door and to who asks for the log', async (_name, reason, end) => {
    const { owner, slug, roomId } = await openRoom(stage);
    const guest = stage.person();
    const { joinId } = await guest.entry.requestEntry({ slug });
    expect(await doorOf(guest, slug)).toMatchObject({ alreadyInside: false });
    expect((await doorOf(guest, slug))?.lastStay).toBeUndefined();
    const heard = told(roomId);
    await stage.gateway.ping();
    await end({ owner, guest, slug, joinId });
    await eventually(async () => expect(heard).toContainEqual({ joinIds: [joinId], reason }));
    const back = stage.as(guest, { sessionId: stage.person().sessionId });
    expect(await doorOf(back, slug)).toMatchObject({ lastStay: { joinId, reason } });
    // Nobody else's business.
    expect((await doorOf(owner, slug, joinId))?.lastStay).toBeUndefined();
    const refused = await guest.events.listRoomEvents({ slug, joinId }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DomainError);
    const word = common.StayEnd[reason].toLowerCase();
    expect(refused).toMatchObject({ reason: 'NOT_PRESENT', details: { stayEnded: word } });
  });

  it('by deleting the room is told to gateways and to who asks for the log, as long as there was a room', async () => {
    const { owner, slug, roomId } = await openRoom(stage);
    const { joinId } = await stage.person().entry.requestEntry({ slug });
    const heard = told(roomId);
    await stage.gateway.ping();
    await owner.rooms.deleteRoom({ slug });
    await eventually(async () =>
      expect(heard).toContainEqual({ joinIds: [joinId], reason: common.StayEnd.ROOM_DELETED }),
    );
  });

  it('by taking the invitation back is told as that', async () => {
    const owner = stage.person();
    const { room } = await owner.rooms.createRoom({ name: 'Invited', accessLevel: rooms.AccessLevel.INVITED });
    const slug = room?.slug ?? '';
    const guest = stage.person({ emailVerifiedBy: 'mail' });
    const { invitation } = await owner.invitations.createInvitation({ slug, email: guest.email });
    const { joinId } = await guest.entry.requestEntry({ slug });
    await owner.invitations.revokeInvitation({ slug, invitationId: invitation?.id ?? '' });
    expect(await doorOf(guest, slug, joinId)).toMatchObject({
      standing: rooms.Standing.REFUSED,
      lastStay: { joinId, reason: common.StayEnd.MEMBERSHIP_ENDED },
    });
  });
});

describe('one person twice', () => {
  it('is said at the door, and not of the page itself', async () => {
    const { owner, slug } = await openRoom(stage);
    const { joinId } = await join(stage, owner, slug);
    await eventually(async () => expect(await doorOf(owner, slug)).toMatchObject({ alreadyInside: true }));
    expect(await doorOf(owner, slug, joinId)).toMatchObject({ alreadyInside: false });
    expect(await doorOf(stage.person(), slug)).toMatchObject({ alreadyInside: false });
  });

  it('moves: the other connections end before this one begins', async () => {
    const { owner, slug, roomId } = await openRoom(stage);
    const guest = stage.person();
    const device = stage.as(guest, { sessionId: stage.person().sessionId });
    const before = [await join(stage, guest, slug), await join(stage, device, slug)];
    const host = await join(stage, owner, slug);
    const heard = told(roomId);
    await stage.gateway.ping();
    const { joinId } = await guest.entry.requestEntry({ slug, elsewhere: rooms.Elsewhere.MOVE });
    for (const { media } of before) await eventually(async () => expect(media.isConnected).toBe(false));
    expect(host.media.isConnected).toBe(true);
    expect(heard.map(({ reason }) => reason)).toEqual([common.StayEnd.MOVED]);
    expect(heard[0]?.joinIds.sort()).toEqual(before.map((tab) => tab.joinId).sort());
    const { rows } = await stage.sql.query(
      'select join_id from admission where user_id = $1 and room_id = $2 and revoked_at is null',
      [guest.userId, roomId],
    );
    expect(rows).toEqual([{ join_id: joinId }]);
    expect(await doorOf(device, slug, before[1]?.joinId)).toMatchObject({ lastStay: { reason: common.StayEnd.MOVED } });
  });

  it('stays twice where that is chosen, and a refused entry moves nobody', async () => {
    const { owner, slug, roomId } = await openRoom(stage);
    await owner.entry.requestEntry({ slug });
    await owner.entry.requestEntry({ slug, elsewhere: rooms.Elsewhere.ALSO });
    await stage.sql.query('update room set ask_personal_token = true where id = $1', [roomId]);
    expect(await refusal(owner.entry.requestEntry({ slug, elsewhere: rooms.Elsewhere.MOVE }))).toBe(
      'PERSONAL_TOKEN_REQUIRED',
    );
    const { rowCount } = await stage.sql.query('select 1 from admission where room_id = $1 and revoked_at is null', [
      roomId,
    ]);
    expect(rowCount).toBe(2);
  });
});

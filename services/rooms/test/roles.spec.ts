import { permissionsOf, roomEventJson, rooms } from '@conclave/contracts';
import { RoomServiceClient, TrackSource } from 'livekit-server-sdk';
import { MediaServer } from '../src/media/media-server.js';
import { ReconcileRoom } from '../src/meetings/reconcile-room.js';
import { join, type Connected } from './support/join.js';
import { eventually, openStage, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
let livekit: RoomServiceClient;
beforeAll(async () => {
  stage = await openStage();
  livekit = new RoomServiceClient(stage.livekit.url, stage.livekit.apiKey, stage.livekit.apiSecret);
}, 180_000);

let owner: Actor;
let guest: Actor;
let slug: string;
let roomId: string;
let mediaRoomId: string;
let inside: Connected;
beforeEach(async () => {
  [owner, guest] = [stage.person(), stage.person()];
  const { room } = await owner.rooms.createRoom({ name: 'Open', accessLevel: rooms.AccessLevel.ORGANISATION });
  slug = room?.slug ?? '';
  roomId = room?.id ?? '';
  inside = await join(stage, guest, slug);
  const { rows } = await stage.sql.query<{ id: string }>('select id from media_room where room_id = $1', [roomId]);
  mediaRoomId = rows[0]?.id ?? '';
  await eventually(async () => {
    const { participants } = await owner.participants.listParticipants({ slug });
    expect(participants).toHaveLength(1);
  });
});

const { MODERATOR, PARTICIPANT } = rooms.RoomRole;
const become = (role: rooms.RoomRole) => owner.members.setMemberRole({ slug, userId: guest.userId, role });
const participant = () => livekit.getParticipant(mediaRoomId, inside.joinId);
const everySource = [
  TrackSource.CAMERA,
  TrackSource.MICROPHONE,
  TrackSource.SCREEN_SHARE,
  TrackSource.SCREEN_SHARE_AUDIO,
];

describe('a new role', () => {
  it('holds at once for what the person may do, for others, for files, at the media server and on the screen', async () => {
    const { lastSeq } = await guest.events.listRoomEvents({ slug });
    await become(MODERATOR);

    expect((await guest.rooms.getRoom({ slug })).room).toMatchObject({
      role: MODERATOR,
      can: permissionsOf('moderator'),
    });
    await guest.invitations.createInvitation({ slug });
    const { participants } = await owner.participants.listParticipants({ slug });
    expect(participants).toMatchObject([
      { userId: guest.userId, role: MODERATOR, can: ['room.roles', 'participant.mute', 'participant.remove'] },
    ]);
    const question = { roomId, userId: guest.userId, sessionId: guest.sessionId };
    expect(await stage.presence.provePresence(question)).toMatchObject({
      role: MODERATOR,
      permissions: permissionsOf('moderator'),
    });
    const told = await guest.events.listRoomEvents({ slug, after: lastSeq });
    expect(told.events.map(roomEventJson)).toMatchObject([
      { type: 'participant.permissions', data: { joinId: inside.joinId } },
    ]);
    // Named, also from the log: the gateway passes on what is for one person to nobody else.
    expect(told.events.map(({ personId }) => personId)).toEqual([guest.userId]);
    expect(told.permissions).toEqual(permissionsOf('moderator'));
    expect(await participant()).toMatchObject({
      attributes: { role: 'moderator', userId: guest.userId },
      permission: { canPublishSources: everySource, canPublishData: false, canSubscribe: true },
    });
  });

  it('is taken back as it was given', async () => {
    await become(MODERATOR);
    await become(PARTICIPANT);
    await expect(guest.participants.endMeeting({ slug })).rejects.toMatchObject({ reason: 'PERMISSION_DENIED' });
    expect((await guest.rooms.getRoom({ slug })).room).toMatchObject({ role: PARTICIPANT });
    expect((await participant()).attributes['role']).toBe('participant');
  });

  it('stays for the next entry, and given twice it is told once', async () => {
    await become(MODERATOR);
    const { lastSeq } = await guest.events.listRoomEvents({ slug });
    await become(MODERATOR);
    expect((await guest.events.listRoomEvents({ slug, after: lastSeq })).events).toEqual([]);
    await guest.entry.leave({ slug, joinId: inside.joinId });
    expect(await guest.entry.requestEntry({ slug })).toMatchObject({ role: MODERATOR });
  });

  it('is on record', async () => {
    await become(MODERATOR);
    const { rows } = await stage.sql.query<{ actor: string; detail: object }>(
      `select actor, detail from audit where action = 'member.role-changed' and subject = $1`,
      [`room:${roomId}`],
    );
    expect(rows).toMatchObject([
      { actor: `user:${owner.userId}`, detail: { memberUserId: guest.userId, role: 'moderator' } },
    ]);
  });
});

describe('rights at the media server', () => {
  it('are what was said last, whole, and the client hears of it', async () => {
    const heard = new Promise<void>((resolve) => inside.media.once('participantAttributesChanged', () => resolve()));
    const media = stage.service.app.get(MediaServer, { strict: false });
    await media.changeRights(mediaRoomId, inside.joinId, { role: 'participant', sources: ['microphone'] });
    const { permission } = await participant();
    expect(permission).toMatchObject({ canPublish: true, canPublishSources: [TrackSource.MICROPHONE] });
    await media.changeRights(mediaRoomId, inside.joinId, { role: 'moderator', sources: [] });
    expect((await participant()).permission).toMatchObject({ canPublish: false, canPublishSources: [] });
    await heard;
  });

  it('come right again where somebody is there with those of another role', async () => {
    const media = stage.service.app.get(MediaServer, { strict: false });
    await media.changeRights(mediaRoomId, inside.joinId, { role: 'moderator', sources: [] });
    const reconcile = stage.service.app.get(ReconcileRoom, { strict: false });
    expect(await reconcile.execute(roomId)).toBe(1);
    expect(await participant()).toMatchObject({
      attributes: { role: 'participant' },
      permission: { canPublish: true, canPublishSources: everySource },
    });
    expect(await reconcile.execute(roomId)).toBe(0);
  });

  it('of somebody who is not there change nothing', async () => {
    const media = stage.service.app.get(MediaServer, { strict: false });
    await media.changeRights(mediaRoomId, 'f'.repeat(32), { role: 'participant', sources: [] });
  });
});

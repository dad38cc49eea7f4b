import { rooms } from '@conclave/contracts';
import { createClient } from '@conclave/messaging';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { openStage, refusal, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

describe('rooms', () => {
  it('a stranger finds nothing, whatever they call', async () => {
    const { room } = await stage.person().rooms.createRoom({ name: 'Private' });
    const slug = room?.slug ?? '';
    const stranger = stage.person();
    for (const call of [
      () => stranger.rooms.getRoom({ slug }),
      () => stranger.rooms.updateRoom({ slug, name: 'Mine' }),
      () => stranger.rooms.deleteRoom({ slug }),
      () => stranger.codes.getAccessCode({ slug }),
      () => stranger.codes.rotateAccessCode({ slug }),
      () => stranger.codes.removeAccessCode({ slug }),
      () => stranger.invitations.createInvitation({ slug }),
      () => stranger.invitations.listInvitations({ slug }),
      () => stranger.invitations.revokeInvitation({ slug, invitationId: '00000000-0000-7000-8000-000000000000' }),
      () => stranger.participants.listParticipants({ slug }),
      () => stranger.participants.endMeeting({ slug }),
      () => stranger.participants.muteParticipant({ slug, joinId: '0'.repeat(32) }),
      () => stranger.participants.removeParticipant({ slug, joinId: '0'.repeat(32) }),
    ])
      expect(await refusal(call())).toBe('NOT_FOUND');
    const { door } = await stranger.rooms.getDoor({ slug });
    expect(door).toMatchObject({
      standing: rooms.Standing.REFUSED,
      refusal: 'NOT_INVITED',
      name: '',
      needsInvitation: true,
    });
    expect(door?.host).toBeUndefined();
  });

  it('a member may look but not manage', async () => {
    const owner = stage.person();
    const { room } = await owner.rooms.createRoom({ name: 'Open', accessLevel: rooms.AccessLevel.ORGANISATION });
    const slug = room?.slug ?? '';
    const member = stage.person();
    await member.entry.requestEntry({ slug });
    expect((await member.rooms.getRoom({ slug })).room).toMatchObject({
      role: rooms.RoomRole.PARTICIPANT,
      memberCount: 2,
    });
    for (const call of [
      () => member.rooms.updateRoom({ slug, name: 'Mine' }),
      () => member.rooms.deleteRoom({ slug }),
      () => member.codes.getAccessCode({ slug }),
      () => member.codes.rotateAccessCode({ slug }),
      () => member.invitations.createInvitation({ slug }),
      () => member.participants.endMeeting({ slug }),
      () => member.participants.removeParticipant({ slug, joinId: '0'.repeat(32) }),
      () => member.participants.muteParticipant({ slug, joinId: '0'.repeat(32) }),
    ])
      expect(await refusal(call())).toBe('PERMISSION_DENIED');
  });

  it('nobody at all is signed out and served', async () => {
    const nobody = createClient(rooms.RoomsService, stage.gateway);
    expect(await refusal(nobody.listRooms({}))).toBe('UNAUTHENTICATED');
    const forged = createClient(rooms.RoomsService, stage.gateway, { principal: 'eyJhbGciOiJub25lIn0.e30.' });
    expect(await refusal(forged.listRooms({}))).toBe('UNAUTHENTICATED');
  });
});

import { broadcasts, common, fromBinary, rooms } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { RoomEvent } from '@livekit/rtc-node';
import { Reconciler } from '../src/meetings/reconciler.js';
import { connectMedia, join } from './support/join.js';
import { eventually, openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

async function openRoom(
  accessLevel = rooms.AccessLevel.ORGANISATION,
): Promise<{ owner: Actor; slug: string; roomId: string }> {
  const owner = stage.person();
  const { room } = await owner.rooms.createRoom({ name: 'Open', accessLevel });
  return { owner, slug: room?.slug ?? '', roomId: room?.id ?? '' };
}

const isPresent = async (person: Actor, slug: string): Promise<boolean> =>
  (await refusal(
    stage.presence.provePresence({ roomSlug: slug, userId: person.userId, sessionId: person.sessionId }),
  )) === 'nothing was refused';

const present = (person: Actor, slug: string) =>
  eventually(async () => expect(await isPresent(person, slug)).toBe(true));

describe('a removed person', () => {
  it('is out at once, with every tab and every old token, and stays out', async () => {
    const { owner, slug, roomId } = await openRoom();
    const guest = stage.person();
    const heard: common.PresenceRevoked[] = [];
    stage.gateway.subscribe(broadcasts.presenceRevoked, (data) => {
      heard.push(fromBinary(common.PresenceRevokedSchema, data));
    });
    await join(stage, owner, slug);
    const tab = await join(stage, guest, slug);
    const otherTab = await join(stage, guest, slug);
    const unused = await guest.entry.requestEntry({ slug });
    await present(guest, slug);
    await present(owner, slug);

    await owner.participants.removeParticipant({ slug, joinId: tab.joinId });

    expect(await isPresent(guest, slug)).toBe(false);
    for (const ticket of [tab.ticket, otherTab.ticket, unused.ticket])
      expect(await refusal(guest.entry.authorizeMedia({ ticket }))).toBe('ADMISSION_ENDED');
    await eventually(async () => expect([tab.media.isConnected, otherTab.media.isConnected]).toEqual([false, false]));
    expect(await refusal(guest.entry.requestEntry({ slug }))).toBe('REMOVED_FROM_ROOM');
    expect(await refusal(guest.events.listRoomEvents({ slug, after: 0n }))).toBe('NOT_PRESENT');
    expect(await refusal(guest.rooms.getRoom({ slug }))).toBe('NOT_FOUND');
    expect((await guest.rooms.getDoor({ slug })).door).toMatchObject({
      standing: rooms.Standing.REFUSED,
      refusal: 'REMOVED_FROM_ROOM',
      name: '',
    });
    expect(await isPresent(owner, slug)).toBe(true);
    await eventually(async () => {
      const joinIds = heard.filter((message) => message.roomId === roomId).flatMap((message) => message.joinIds);
      expect(joinIds.sort()).toEqual([tab.joinId, otherTab.joinId, unused.joinId].sort());
    });
  });

  it('who gets past the door to the media server is put out again', async () => {
    const { owner, slug } = await openRoom();
    const guest = stage.person();
    const host = await join(stage, owner, slug);
    const { joinId, ticket } = await join(stage, guest, slug);
    // What only the door ever holds; LiveKit never forgets a token it once honoured.
    const { mediaToken } = await guest.entry.authorizeMedia({ ticket });
    await owner.participants.removeParticipant({ slug, joinId });
    const gone = () => expect([...host.media.remoteParticipants.values()]).toEqual([]);
    await eventually(async () => gone());
    const seen: string[] = [];
    host.media.on(RoomEvent.ParticipantConnected, ({ identity }) => seen.push(identity));
    const intruder = await connectMedia(stage, mediaToken).catch(() => null);
    expect(await refusal(guest.entry.confirmMedia({ joinId }))).toBe('ADMISSION_ENDED');
    expect(await isPresent(guest, slug)).toBe(false);
    if (intruder) await eventually(async () => expect(intruder.isConnected).toBe(false));
    // Nobody has seen or heard of them, not for a moment.
    expect(seen).toEqual([]);
    gone();
    expect(await isPresent(guest, slug)).toBe(false);
    const { participants } = await owner.participants.listParticipants({ slug });
    expect(participants.map(({ userId }) => userId)).not.toContain(guest.userId);
  });

  it('is found by the reconciler where the webhook was lost', async () => {
    const { owner, slug, roomId } = await openRoom();
    const guest = stage.person();
    await join(stage, owner, slug);
    const { joinId, media } = await join(stage, guest, slug);
    await present(guest, slug);
    // As if the process had died between the revocation's commit and the call to the media server.
    await stage.sql.query(`update admission set revoked_at = now(), revoked_reason = 'removed' where join_id = $1`, [
      joinId,
    ]);
    expect(await isPresent(guest, slug)).toBe(false);
    await stage.service.app.get(Reconciler, { strict: false }).runOnce();
    await eventually(async () => expect(media.isConnected).toBe(false));
    expect(roomId).not.toBe('');
  });

  it('comes back with a new invitation, and not with an old one', async () => {
    const { owner, slug } = await openRoom(rooms.AccessLevel.INVITED);
    const guest = stage.person();
    const old = await owner.invitations.createInvitation({ slug });
    await owner.invitations.createInvitation({ slug, email: guest.email });
    const { joinId } = await guest.entry.requestEntry({ slug });
    const again = await owner.invitations.createInvitation({ slug, email: guest.email });
    await owner.participants.removeParticipant({ slug, joinId });
    const token = (link: string): string => link.split('#')[1] ?? '';
    expect(await refusal(guest.entry.requestEntry({ slug }))).toBe('REMOVED_FROM_ROOM');
    expect(await refusal(guest.invitations.acceptInvitation({ token: token(old.link) }))).toBe('REMOVED_FROM_ROOM');
    expect(await refusal(guest.invitations.acceptInvitation({ token: token(again.link) }))).toBe('REMOVED_FROM_ROOM');
    await owner.invitations.createInvitation({ slug, email: guest.email });
    await guest.entry.requestEntry({ slug });
  });

  it('was not the owner, and nobody of another room', async () => {
    const { owner, slug } = await openRoom();
    const { joinId } = await owner.entry.requestEntry({ slug });
    expect(await refusal(owner.participants.removeParticipant({ slug, joinId }))).toBe('PERMISSION_DENIED');
    const other = await openRoom();
    const guest = stage.person();
    const foreign = await guest.entry.requestEntry({ slug: other.slug });
    expect(await refusal(owner.participants.removeParticipant({ slug, joinId: foreign.joinId }))).toBe('NOT_FOUND');
    expect(await refusal(owner.participants.muteParticipant({ slug, joinId: foreign.joinId }))).toBe('NOT_FOUND');
    await guest.entry.authorizeMedia({ ticket: foreign.ticket });
  });
});

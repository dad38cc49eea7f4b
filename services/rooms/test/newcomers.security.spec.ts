import { rooms } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

/** The same attack again and again, for it must never work. */
const tries = 5;
const { CODE, INVITED, ORGANISATION } = rooms.AccessLevel;

/** A room with somebody inside who is put out; `known` was inside before, `guest` is gone. */
async function afterRemoval(accessLevel: rooms.AccessLevel) {
  const [owner, guest, known] = [stage.person(), stage.person(), stage.person()];
  const { room, accessCode } = await owner.rooms.createRoom({ name: 'Open', accessLevel });
  const slug = room?.slug ?? '';
  if (accessLevel === INVITED)
    for (const { email } of [guest, known]) await owner.invitations.createInvitation({ slug, email });
  const brings = accessLevel === CODE ? { slug, accessCode } : { slug };
  const [{ joinId }] = await Promise.all([guest.entry.requestEntry(brings), known.entry.requestEntry(brings)]);
  const removal = await owner.participants.removeParticipant({ slug, joinId });
  return { owner, guest, known, slug, accessCode, removal };
}

const enters = (person: Actor, slug: string, accessCode = ''): Promise<string> =>
  refusal(person.entry.requestEntry({ slug, accessCode }));

const inside = 'nothing was refused';

describe('a removed person with a new account', () => {
  it('does not come back into an open room', async () => {
    const { owner, slug } = await afterRemoval(ORGANISATION);
    const answers = await Promise.all(Array.from({ length: tries }, () => enters(stage.person(), slug)));
    expect(answers).toEqual(Array(tries).fill('WAITING_FOR_HOST'));
    expect((await owner.lobby.listWaiting({ slug })).waiting).toHaveLength(tries);
  });

  it('does not come back into a code room with the code they know', async () => {
    const { owner, slug, accessCode, removal } = await afterRemoval(CODE);
    expect(removal.codeChanged).toBe(true);
    const next = await owner.codes.getAccessCode({ slug });
    expect(next.accessCode).not.toBe(accessCode);
    for (let i = 0; i < tries; i++) expect(await enters(stage.person(), slug, accessCode)).toBe('ACCESS_CODE_WRONG');
    // Nor with the new one, should somebody tell it to them.
    expect(await enters(stage.person(), slug, next.accessCode)).toBe('WAITING_FOR_HOST');
  });

  it('does not come back by a link from before the removal, nor by one that somebody passes on', async () => {
    const { owner, slug } = await afterRemoval(INVITED);
    const token = ({ link }: { link: string }): string => link.split('#')[1] ?? '';
    const another = stage.person();
    const { link } = await owner.invitations.createInvitation({ slug });
    await another.invitations.acceptInvitation({ token: token({ link }) });
    expect(await enters(another, slug)).toBe('WAITING_FOR_HOST');
  });

  it('does not come back with an account kept for that, by a link from before', async () => {
    const [owner, guest, kept] = [stage.person(), stage.person(), stage.person()];
    const { room } = await owner.rooms.createRoom({ name: 'Invited', accessLevel: INVITED });
    const slug = room?.slug ?? '';
    const { link } = await owner.invitations.createInvitation({ slug });
    await owner.invitations.createInvitation({ slug, email: guest.email });
    const { joinId } = await guest.entry.requestEntry({ slug });
    await owner.participants.removeParticipant({ slug, joinId });
    await kept.invitations.acceptInvitation({ token: link.split('#')[1] ?? '' });
    expect(await enters(kept, slug)).toBe('WAITING_FOR_HOST');
  });

  it('does not come back with another account that has been inside before', async () => {
    const [owner, guest, other, colleague] = [stage.person(), stage.person(), stage.person(), stage.person()];
    const { room } = await owner.rooms.createRoom({ name: 'Open', accessLevel: ORGANISATION });
    const slug = room?.slug ?? '';
    const stay = await other.entry.requestEntry({ slug });
    await other.entry.leave({ slug, joinId: stay.joinId });
    await colleague.entry.requestEntry({ slug });
    const { joinId } = await guest.entry.requestEntry({ slug });
    await owner.participants.removeParticipant({ slug, joinId });
    expect(await enters(other, slug)).toBe('WAITING_FOR_HOST');
    // Who was inside stays known, also after leaving; and so does whom a host has let in, however often they come.
    expect(await enters(colleague, slug)).toBe(inside);
    const [waiting] = (await owner.lobby.listWaiting({ slug })).waiting;
    await owner.lobby.admitWaiting({ slug, requestId: waiting?.requestId ?? '' });
    const again = await other.entry.requestEntry({ slug });
    await other.entry.leave({ slug, joinId: again.joinId });
    expect(await enters(other, slug)).toBe(inside);
  });

  it('does not come back with an account whose age nobody knows', async () => {
    const { slug } = await afterRemoval(ORGANISATION);
    const nameless = stage.person({ userId: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff' });
    expect(await enters(nameless, slug)).toBe('WAITING_FOR_HOST');
  });

  it('nor does anybody by the old code who typed it before and is not inside; who is inside stays known', async () => {
    const { owner, known, guest, slug, accessCode } = await afterRemoval(CODE);
    const outside = stage.person();
    await owner.lobby.setNewcomersWait({ slug, wait: false });
    const { joinId } = await outside.entry.requestEntry({
      slug,
      accessCode: (await owner.codes.getAccessCode({ slug })).accessCode,
    });
    const second = stage.person();
    const again = await second.entry.requestEntry({
      slug,
      accessCode: (await owner.codes.getAccessCode({ slug })).accessCode,
    });
    await outside.entry.leave({ slug, joinId });
    await owner.participants.removeParticipant({ slug, joinId: again.joinId });
    expect(await enters(known, slug)).toBe(inside);
    expect(await enters(outside, slug)).toBe('ACCESS_CODE_REQUIRED');
    expect(await enters(outside, slug, accessCode)).toBe('ACCESS_CODE_WRONG');
    const next = await owner.codes.getAccessCode({ slug });
    // Nor with the new code at once: they were not inside when it was changed.
    expect(await enters(outside, slug, next.accessCode)).toBe('WAITING_FOR_HOST');
    expect(await enters(guest, slug, next.accessCode)).toBe('REMOVED_FROM_ROOM');
  });
});

describe('nobody else waits', () => {
  it('who was inside, the owner, and who is invited afterwards', async () => {
    const { owner, known, guest, slug } = await afterRemoval(ORGANISATION);
    expect(await enters(known, slug)).toBe(inside);
    expect(await enters(owner, slug)).toBe(inside);
    // Invited again: the host has changed their mind, and the account is older than the removal.
    await owner.invitations.createInvitation({ slug, email: guest.email });
    expect(await enters(guest, slug)).toBe(inside);
  });

  it('who accepted an invitation before and was never inside', async () => {
    const [owner, guest, invited] = [stage.person(), stage.person(), stage.person()];
    const { room } = await owner.rooms.createRoom({ name: 'Invited', accessLevel: INVITED });
    const slug = room?.slug ?? '';
    const { link } = await owner.invitations.createInvitation({ slug });
    await invited.invitations.acceptInvitation({ token: link.split('#')[1] ?? '' });
    await owner.invitations.createInvitation({ slug, email: guest.email });
    const { joinId } = await guest.entry.requestEntry({ slug });
    await owner.participants.removeParticipant({ slug, joinId });
    expect(await enters(invited, slug)).toBe(inside);
  });

  it('anybody, once a host has lifted it; and who waits then comes in', async () => {
    const { owner, slug } = await afterRemoval(ORGANISATION);
    const waiting = stage.person();
    expect(await enters(waiting, slug)).toBe('WAITING_FOR_HOST');
    expect((await waiting.rooms.getDoor({ slug })).door).toMatchObject({ needsHost: true, name: 'Open' });
    const { newcomersWaitSince } = await owner.lobby.setNewcomersWait({ slug, wait: false });
    expect(newcomersWaitSince).toBeUndefined();
    expect((await waiting.lobby.getOwnRequest({ slug })).state).toBe(rooms.EntryRequestState.ADMITTED);
    expect(await enters(waiting, slug)).toBe(inside);
    expect(await enters(stage.person(), slug)).toBe(inside);
  });
});

describe('a removal', () => {
  it('does not fail for want of a code: then the room has none', async () => {
    const owner = stage.person();
    const guest = stage.person();
    const { room } = await owner.rooms.createRoom({ name: 'Open', accessLevel: ORGANISATION });
    const slug = room?.slug ?? '';
    const { joinId } = await guest.entry.requestEntry({ slug });
    await owner.codes.removeAccessCode({ slug });
    expect(await owner.participants.removeParticipant({ slug, joinId })).toMatchObject({
      codeChanged: false,
      newcomersWait: true,
    });
    expect((await owner.codes.getAccessCode({ slug })).accessCode).toBe('');
  });

  it('by a co-host leaves them the new code to read, and to nobody else; changing it stays the owner’s', async () => {
    const [owner, host, member, guest] = [stage.person(), stage.person(), stage.person(), stage.person()];
    const { room, accessCode } = await owner.rooms.createRoom({ name: 'Code', accessLevel: CODE });
    const slug = room?.slug ?? '';
    for (const person of [host, member]) await person.entry.requestEntry({ slug, accessCode });
    await owner.members.setMemberRole({ slug, userId: host.userId, role: rooms.RoomRole.MODERATOR });
    const { joinId } = await guest.entry.requestEntry({ slug, accessCode });
    expect(await host.participants.removeParticipant({ slug, joinId })).toMatchObject({ codeChanged: true });
    const read = await host.codes.getAccessCode({ slug });
    expect(read.accessCode).toMatch(/^\w{4}-/);
    expect(read.accessCode).not.toBe(accessCode);
    expect(await refusal(host.codes.rotateAccessCode({ slug }))).toBe('PERMISSION_DENIED');
    expect(await refusal(host.codes.removeAccessCode({ slug }))).toBe('PERMISSION_DENIED');
    expect(await refusal(member.codes.getAccessCode({ slug }))).toBe('PERMISSION_DENIED');
    expect(await refusal(guest.codes.getAccessCode({ slug }))).toBe('NOT_FOUND');
  });

  it('tells every member that newcomers wait, with the room', async () => {
    const { owner, known, slug } = await afterRemoval(ORGANISATION);
    for (const person of [owner, known])
      expect((await person.rooms.getRoom({ slug })).room?.newcomersWaitSince).toBeDefined();
  });
});

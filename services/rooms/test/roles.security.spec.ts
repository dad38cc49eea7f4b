import { rooms } from '@conclave/contracts';
import { openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
let owner: Actor;
let slug: string;
const { OWNER, MODERATOR, PARTICIPANT, UNSPECIFIED } = rooms.RoomRole;
beforeAll(async () => {
  stage = await openStage();
  owner = stage.person();
  const { room } = await owner.rooms.createRoom({ name: 'Open', accessLevel: rooms.AccessLevel.ORGANISATION });
  slug = room?.slug ?? '';
}, 180_000);

async function member(): Promise<Actor> {
  const person = stage.person();
  await person.entry.requestEntry({ slug });
  return person;
}

describe('roles', () => {
  it('are given by the owner alone', async () => {
    const [moderator, participant, target] = [await member(), await member(), await member()];
    await owner.members.setMemberRole({ slug, userId: moderator.userId, role: MODERATOR });
    const give = (person: Actor) => person.members.setMemberRole({ slug, userId: target.userId, role: MODERATOR });
    expect(await refusal(give(moderator))).toBe('PERMISSION_DENIED');
    expect(await refusal(give(participant))).toBe('PERMISSION_DENIED');
    expect(await refusal(give(stage.person()))).toBe('NOT_FOUND');
    expect(
      await refusal(participant.members.setMemberRole({ slug, userId: participant.userId, role: MODERATOR })),
    ).toBe('PERMISSION_DENIED');
    expect((await target.rooms.getRoom({ slug })).room?.role).toBe(PARTICIPANT);
  });

  it('are not given to strangers, to who was put out, or to the owner', async () => {
    const give = (userId: string, role = MODERATOR) => owner.members.setMemberRole({ slug, userId, role });
    expect(await refusal(give(stage.person().userId))).toBe('NOT_FOUND');
    const removed = stage.person();
    const { joinId } = await removed.entry.requestEntry({ slug });
    await owner.participants.removeParticipant({ slug, joinId });
    await owner.lobby.setNewcomersWait({ slug, wait: false });
    expect(await refusal(give(removed.userId))).toBe('NOT_FOUND');
    expect(await refusal(give(owner.userId, PARTICIPANT))).toBe('PERMISSION_DENIED');
    expect((await owner.rooms.getRoom({ slug })).room?.role).toBe(OWNER);
  });

  it('are moderator or participant, and nothing else', async () => {
    const { userId } = await member();
    for (const role of [UNSPECIFIED, OWNER, 4 as rooms.RoomRole])
      expect(await refusal(owner.members.setMemberRole({ slug, userId, role }))).toBe('INVALID_ARGUMENT');
  });

  it('of one room are none in another', async () => {
    const guest = await member();
    await owner.members.setMemberRole({ slug, userId: guest.userId, role: MODERATOR });
    const { room } = await owner.rooms.createRoom({ name: 'Other', accessLevel: rooms.AccessLevel.ORGANISATION });
    const other = room?.slug ?? '';
    await guest.entry.requestEntry({ slug: other });
    expect(await refusal(guest.invitations.createInvitation({ slug: other }))).toBe('PERMISSION_DENIED');
  });

  it('do not let a co-host act upon the owner', async () => {
    const host = await member();
    await owner.members.setMemberRole({ slug, userId: host.userId, role: MODERATOR });
    const { joinId } = await owner.entry.requestEntry({ slug });
    expect(await refusal(host.participants.muteParticipant({ slug, joinId }))).toBe('PERMISSION_DENIED');
    expect(await refusal(host.participants.removeParticipant({ slug, joinId }))).toBe('PERMISSION_DENIED');
  });
});

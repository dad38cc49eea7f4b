import { rooms, timestampFromDate } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

async function invitedRoom(): Promise<{ owner: Actor; slug: string; roomId: string }> {
  const owner = stage.person();
  const { room } = await owner.rooms.createRoom({ name: 'Invited' });
  return { owner, slug: room?.slug ?? '', roomId: room?.id ?? '' };
}

const tokenOf = (link: string): string => link.slice(link.indexOf('#') + 1);

describe('CreateInvitation', () => {
  it('tells a link once and stores only a keyed hash', async () => {
    const { owner, slug, roomId } = await invitedRoom();
    const { invitation, link } = await owner.invitations.createInvitation({ slug, email: ' Paul@Example.test ' });
    expect(link).toMatch(/^https:\/\/conclave\.example\/invite#cnv_inv_[A-Za-z0-9_-]{43}$/);
    expect(invitation).toMatchObject({ email: 'Paul@Example.test', status: rooms.InvitationStatus.PENDING });
    const { rows } = await stage.sql.query('select * from invitation where room_id = $1', [roomId]);
    expect(JSON.stringify(rows)).not.toContain(tokenOf(link));
    expect((rows[0] as { token_hash: Buffer }).token_hash).toHaveLength(32);
  });

  it.each([
    ['an address that is none', { email: 'paul' }],
    ['a time that is over', { expiresAt: timestampFromDate(new Date(Date.now() - 1000)) }],
    ['a time too far away', { expiresAt: timestampFromDate(new Date(Date.now() + 91 * 86_400_000)) }],
    ['a time that is none', { expiresAt: { seconds: 2n ** 62n, nanos: 0 } }],
  ])('refuses %s', async (_fact, request) => {
    const { owner, slug } = await invitedRoom();
    expect(await refusal(owner.invitations.createInvitation({ slug, ...request }))).toBe('INVALID_ARGUMENT');
  });
});

describe('AcceptInvitation', () => {
  it('by link binds it to the first person who opens it', async () => {
    const { owner, slug } = await invitedRoom();
    const { link } = await owner.invitations.createInvitation({ slug });
    const token = tokenOf(link);
    const first = stage.person({ displayName: 'First' });
    expect((await first.invitations.acceptInvitation({ token })).slug).toBe(slug);
    expect((await first.invitations.acceptInvitation({ token })).slug).toBe(slug);
    expect(await refusal(stage.person().invitations.acceptInvitation({ token }))).toBe('INVITATION_USED');
    await first.entry.requestEntry({ slug });
    expect((await owner.invitations.listInvitations({ slug })).invitations).toMatchObject([
      { status: rooms.InvitationStatus.ACCEPTED, acceptedBy: { id: first.userId, displayName: 'First' } },
    ]);
  });

  it('opened by the owner is not used up', async () => {
    const { owner, slug } = await invitedRoom();
    const { link } = await owner.invitations.createInvitation({ slug });
    await owner.invitations.acceptInvitation({ token: tokenOf(link) });
    await stage.person().invitations.acceptInvitation({ token: tokenOf(link) });
  });

  it('of two people at the same moment one is in', async () => {
    const { owner, slug } = await invitedRoom();
    const { link } = await owner.invitations.createInvitation({ slug });
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => refusal(stage.person().invitations.acceptInvitation({ token: tokenOf(link) }))),
    );
    expect(outcomes.filter((outcome) => outcome === 'nothing was refused')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'INVITATION_USED')).toHaveLength(5);
  });
});

describe('an invitation by address', () => {
  it('is accepted by asking for entry', async () => {
    const { owner, slug } = await invitedRoom();
    const paul = stage.person({ email: 'paul@example.test' });
    expect(await refusal(paul.entry.requestEntry({ slug }))).toBe('NOT_INVITED');
    await owner.invitations.createInvitation({ slug, email: 'PAUL@example.test' });
    expect((await paul.rooms.getDoor({ slug })).door).toMatchObject({
      standing: rooms.Standing.INVITED,
      name: 'Invited',
    });
    await paul.entry.requestEntry({ slug });
    const [invitation] = (await owner.invitations.listInvitations({ slug })).invitations;
    expect(invitation).toMatchObject({ status: rooms.InvitationStatus.ACCEPTED, acceptedBy: { id: paul.userId } });
  });

  it('does not open for somebody else, not even with its link', async () => {
    const { owner, slug } = await invitedRoom();
    const { link } = await owner.invitations.createInvitation({ slug, email: 'paul@example.test' });
    const other = stage.person({ email: 'eve@example.test' });
    expect(await refusal(other.entry.requestEntry({ slug }))).toBe('NOT_INVITED');
    expect(await refusal(other.invitations.acceptInvitation({ token: tokenOf(link) }))).toBe('NOT_INVITED');
  });
});

describe('RevokeInvitation', () => {
  it('closes a pending one', async () => {
    const { owner, slug } = await invitedRoom();
    const { invitation, link } = await owner.invitations.createInvitation({ slug });
    await owner.invitations.revokeInvitation({ slug, invitationId: invitation?.id ?? '' });
    expect(await refusal(stage.person().invitations.acceptInvitation({ token: tokenOf(link) }))).toBe(
      'INVITATION_REVOKED',
    );
  });

  it('of an accepted one ends the membership and the admission', async () => {
    const { owner, slug } = await invitedRoom();
    const { invitation, link } = await owner.invitations.createInvitation({ slug });
    const guest = stage.person();
    await guest.invitations.acceptInvitation({ token: tokenOf(link) });
    const { ticket } = await guest.entry.requestEntry({ slug });
    await guest.entry.authorizeMedia({ ticket });
    await owner.invitations.revokeInvitation({ slug, invitationId: invitation?.id ?? '' });
    expect(await refusal(guest.entry.authorizeMedia({ ticket }))).toBe('ADMISSION_ENDED');
    expect(await refusal(guest.entry.requestEntry({ slug }))).toBe('NOT_INVITED');
    expect(await refusal(guest.rooms.getRoom({ slug }))).toBe('NOT_FOUND');
  });

  it('knows only invitations of its own room', async () => {
    const { owner, slug } = await invitedRoom();
    const other = await invitedRoom();
    const { invitation } = await other.owner.invitations.createInvitation({ slug: other.slug });
    for (const invitationId of [invitation?.id ?? '', '00000000-0000-7000-8000-000000000000'])
      expect(await refusal(owner.invitations.revokeInvitation({ slug, invitationId }))).toBe('NOT_FOUND');
  });
});

describe('ListInvitations', () => {
  it('pages newest first', async () => {
    const { owner, slug } = await invitedRoom();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift((await owner.invitations.createInvitation({ slug })).invitation?.id ?? '');
    const first = await owner.invitations.listInvitations({ slug, limit: 3 });
    const second = await owner.invitations.listInvitations({ slug, limit: 3, after: first.next });
    expect([...first.invitations, ...second.invitations].map(({ id }) => id)).toEqual(ids);
    expect(second.next).toBe('');
    expect(await refusal(owner.invitations.listInvitations({ slug, after: 'x' }))).toBe('INVALID_ARGUMENT');
  });
});

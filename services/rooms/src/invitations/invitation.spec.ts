import { describe, expect, it } from '@jest/globals';
import { Invitation } from './invitation.js';
import { invitationTokenHash, isInvitationToken } from './invitation-token.js';

const now = new Date('2026-11-23T12:00:00Z');
const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);
const marta = { userId: 'marta', email: 'Marta@Example.test', proven: true };

const issue = (facts: { email?: string; expiresAt?: Date | null } = {}): Invitation =>
  Invitation.issue(
    { id: 'i', roomId: 'r', email: '', tokenHash: Buffer.alloc(32), invitedBy: 'o', expiresAt: null, ...facts },
    now,
  );

const reasonOf = (work: () => void): string => {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return (error as { reason: string }).reason;
  }
};

describe('an invitation', () => {
  it('holds for 14 days when nothing is said', () => {
    expect(issue().expiresAt).toEqual(days(14));
    expect(issue().statusAt(days(13))).toBe('pending');
    expect(issue().statusAt(days(14))).toBe('expired');
  });

  it.each(['marta', 'a@b', 'a b@c.de', '<x>@c.de', 'a@b@c.de', 'a@\u202ed.c', 'a\u200b@c.de'])(
    'to %j is refused',
    (email) => expect(reasonOf(() => issue({ email }))).toBe('INVALID_ARGUMENT'),
  );

  it('by address is accepted by that address only, whatever its case', () => {
    expect(reasonOf(() => issue({ email: 'marta@example.test' }).accept(marta, now))).toBe('accepted');
    expect(reasonOf(() => issue({ email: 'other@example.test' }).accept(marta, now))).toBe('NOT_INVITED');
  });

  it.each([
    ['paul@bücher.example', 'paul@xn--bcher-kva.example'],
    ['\uff50aul@x.example', 'paul@x.example'],
    ['zoe\u0308@x.example', 'zo\u00eb@x.example'],
  ])('to %s is for the account of %s, as auth tells accounts apart', (email, own) =>
    expect(issue({ email }).isFor({ userId: 'marta', email: own })).toBe(true),
  );

  it('to one’s own address, by oneself, is for nobody: it would prove what one likes', () => {
    const own = issue({ email: marta.email });
    own.invitedBy = marta.userId;
    expect(reasonOf(() => own.accept(marta, now))).toBe('NOT_INVITED');
  });

  it('by address is not accepted where the address is not proven', () => {
    const unproven = { ...marta, proven: false };
    expect(reasonOf(() => issue({ email: marta.email }).accept(unproven, now))).toBe('NOT_INVITED');
    expect(reasonOf(() => issue().accept(unproven, now))).toBe('accepted');
  });

  it('works once', () => {
    const invitation = issue();
    invitation.accept(marta, now);
    expect(invitation.statusAt(now)).toBe('accepted');
    expect(reasonOf(() => invitation.accept({ ...marta, userId: 'paul' }, now))).toBe('INVITATION_USED');
  });

  it('does not work once it is taken back or over', () => {
    const revoked = issue();
    revoked.revoke(now);
    expect(reasonOf(() => revoked.accept(marta, now))).toBe('INVITATION_REVOKED');
    expect(reasonOf(() => issue().accept(marta, days(15)))).toBe('INVITATION_EXPIRED');
  });
});

describe('an invitation token', () => {
  it('is recognised by shape', () => {
    expect(isInvitationToken(`cnv_inv_${'A'.repeat(43)}`)).toBe(true);
    for (const other of [
      '',
      'cnv_inv_',
      `cnv_${'A'.repeat(43)}`,
      `cnv_inv_${'A'.repeat(44)}`,
      `cnv_inv_${'A'.repeat(42)} `,
    ])
      expect(isInvitationToken(other)).toBe(false);
  });

  it('is stored under a pepper', () => {
    const token = `cnv_inv_${'A'.repeat(43)}`;
    const hash = invitationTokenHash(Buffer.alloc(32, 1), token);
    expect(hash).toHaveLength(32);
    expect(hash).not.toEqual(invitationTokenHash(Buffer.alloc(32, 2), token));
  });
});

import { DomainError } from '@conclave/errors';
import { FixedClock } from '@conclave/platform';
import type { Credential } from './session-cookie.js';
import { SessionResolver } from './session-resolver.js';

const cookie: Credential = { kind: 'session', token: 'cnv_ses_aaaaaaaaaaaaaaaa' };
const bearer: Credential = { kind: 'personal-token', token: 'cnv_bbbbbbbbbbbbbbbbbbbb' };

function setUp() {
  const clock = new FixedClock();
  const auth = { asked: 0, refuse: false, wait: Promise.resolve() };
  const answer = async () => {
    auth.asked++;
    const principalToken = `principal-${auth.asked}`;
    await auth.wait;
    if (auth.refuse) throw new DomainError('UNAUTHENTICATED');
    return { principalToken, userId: 'u1', sessionId: 's1', credentialId: 't1' };
  };
  const resolver = new SessionResolver({ resolveSession: answer, resolvePersonalToken: answer } as never, clock);
  return { clock, auth, resolver };
}

describe('session resolver', () => {
  it('refuses a request without proof', async () => {
    await expect(setUp().resolver.resolve(undefined)).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  });

  it('asks auth once per half a minute', async () => {
    const { resolver, auth, clock } = setUp();
    await Promise.all([resolver.resolve(cookie), resolver.resolve(cookie)]);
    clock.advance(29);
    const caller = { userId: 'u1', sessionId: 's1', credentialId: 's1', principal: 'principal-1' };
    expect(await resolver.resolve(cookie)).toEqual(caller);
    expect(auth.asked).toBe(1);
    clock.advance(2);
    await resolver.resolve(cookie);
    expect(auth.asked).toBe(2);
  });

  it('trusts a personal token for a second only, because a rotated one dies within two', async () => {
    const { resolver, auth, clock } = setUp();
    expect((await resolver.resolve(bearer)).sessionId).toBe('');
    clock.advance(1);
    await resolver.resolve(bearer);
    expect(auth.asked).toBe(2);
  });

  it.each([
    ['by session', { userId: 'u1', sessionIds: ['s1'] }],
    ['by person', { userId: 'u1', sessionIds: [] }],
  ])('forgets at once what is revoked %s', async (_name, revoked) => {
    const { resolver, auth } = setUp();
    await resolver.resolve(cookie);
    resolver.revoke(revoked);
    auth.refuse = true;
    await expect(resolver.resolve(cookie)).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  });

  it('forgets a personal token that is revoked, though its trust be not over', async () => {
    const { resolver, auth } = setUp();
    await resolver.resolve(bearer);
    resolver.revoke({ userId: 'u1', sessionIds: ['t1'] });
    auth.refuse = true;
    await expect(resolver.resolve(bearer)).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  });

  it('keeps other sessions of the same person', async () => {
    const { resolver, auth } = setUp();
    await resolver.resolve(cookie);
    resolver.revoke({ userId: 'u1', sessionIds: ['s2'] });
    await resolver.resolve(cookie);
    expect(auth.asked).toBe(1);
  });

  it('does not remember an answer that a revocation overtook', async () => {
    const { resolver, auth } = setUp();
    let release = () => {};
    auth.wait = new Promise((resolve) => (release = resolve));
    const first = resolver.resolve(cookie);
    resolver.revoke({ userId: 'u1', sessionIds: ['s1'] });
    release();
    await first;
    auth.refuse = true;
    await expect(resolver.resolve(cookie)).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  });

  it('does not remember a refusal', async () => {
    const { resolver, auth } = setUp();
    auth.refuse = true;
    await expect(resolver.resolve(cookie)).rejects.toBeInstanceOf(DomainError);
    auth.refuse = false;
    await expect(resolver.resolve(cookie)).resolves.toMatchObject({ userId: 'u1' });
  });
});

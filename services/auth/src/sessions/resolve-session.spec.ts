import { randomBytes } from 'node:crypto';
import { decodeJwt, world } from '../../test/unit.js';
import { ResolveSession } from './resolve-session.js';

async function setting() {
  const parts = world({ idle: 3600, absolute: 24 * 3600 });
  const { sessions, digest, principals, limits, clock, metrics, opening, em } = parts;
  const marta = parts.person();
  const { session, token } = await opening.open(em, marta.id, { userAgent: 'Firefox', address: '' });
  const useCase = new ResolveSession(sessions, digest, principals, limits, clock, metrics);
  return { ...parts, marta, session, token, resolve: (text = token) => useCase.execute(text) };
}
const unauthenticated = expect.objectContaining({ reason: 'UNAUTHENTICATED' });

describe('ResolveSession', () => {
  it('gives a principal token with the facts of this moment', async () => {
    const { resolve, marta, session } = await setting();
    const resolved = await resolve();
    expect(resolved).toMatchObject({ userId: marta.id, sessionId: session.id });
    expect(decodeJwt(resolved.principalToken).payload).toMatchObject({
      sub: marta.id,
      sid: session.id,
      name: marta.displayName,
      email: marta.email,
      email_verified: false,
    });
  });

  it('writes the last use at most once a minute', async () => {
    const { resolve, sessions, clock } = await setting();
    await resolve();
    await resolve();
    expect(sessions.touches).toBe(0);
    clock.advance(60);
    await resolve();
    await resolve();
    expect(sessions.touches).toBe(1);
  });

  it('stays alive while used, and ends after the idle time', async () => {
    const { resolve, clock } = await setting();
    for (let i = 0; i < 5; i++) {
      clock.advance(3000);
      await resolve();
    }
    clock.advance(3601);
    await expect(resolve()).rejects.toEqual(unauthenticated);
  });

  it('ends after the absolute time however busy it is', async () => {
    const { resolve, clock } = await setting();
    for (let i = 0; i < 47; i++) {
      clock.advance(1800);
      await resolve();
    }
    clock.advance(1800);
    await expect(resolve()).rejects.toEqual(unauthenticated);
  });

  it('is over at once when it was ended', async () => {
    const { resolve, session, clock } = await setting();
    session.end(clock.now());
    await expect(resolve()).rejects.toEqual(unauthenticated);
  });

  it.each([
    ['nothing', ''],
    ['an invented token', `cnv_ses_${randomBytes(32).toString('base64url')}`],
    ['a personal token', 'cnv_7qk2f-m3xzt'],
    ['a megabyte', 'cnv_ses_'.repeat(1 << 17)],
  ])('does not know %s', async (_what, text) => {
    const { resolve } = await setting();
    await expect(resolve(text)).rejects.toEqual(unauthenticated);
  });
});

import { clearCookie, setCookie } from './cookies.js';
import { readCredential, readSessionCookie, sessionCookie } from './session-cookie.js';

const token = 'cnv_ses_0123456789abcdef0123456789';

describe('session cookie', () => {
  it('is read among others', () => {
    expect(readSessionCookie(`a=b; __Host-sid=${token}; c=d`)).toBe(token);
  });

  it.each([
    ['missing', 'a=b'],
    ['twice, for one was planted', `__Host-sid=${token}; __Host-sid=${token}`],
    ['too short', '__Host-sid=abc'],
    ['with odd characters', `__Host-sid=${token}%00`],
    ['quoted', `__Host-sid="${token}"`],
    ['in another case', `__host-SID=${token}`],
    ['huge', `__Host-sid=${'a'.repeat(9000)}`],
  ])('is nothing when %s', (_name, header) => {
    expect(readSessionCookie(header)).toBeUndefined();
  });

  it('is set so that no script and no other host reaches it', () => {
    expect(setCookie(sessionCookie, token)).toBe(`__Host-sid=${token}; Path=/; Secure; HttpOnly; SameSite=Lax`);
    expect(clearCookie(sessionCookie)).toContain('Max-Age=0');
  });

  it('gives way to a bearer token, and a wrong bearer does not fall back to it', () => {
    const cookie = `__Host-sid=${token}`;
    const bearer = `cnv_${'a'.repeat(43)}`;
    expect(readCredential({ cookie })).toEqual({ kind: 'session', token });
    expect(readCredential({ cookie, authorization: `Bearer ${bearer}` })).toEqual({
      kind: 'personal-token',
      token: bearer,
    });
    expect(readCredential({ cookie, authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.x' })).toBeUndefined();
    expect(readCredential({ cookie, authorization: 'Basic abc' })).toBeUndefined();
    expect(readCredential({})).toBeUndefined();
  });
});

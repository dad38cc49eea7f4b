import { TestBed } from '@angular/core/testing';
import { FETCH } from '../api/http';
import { draftPlace } from './draft-places';
import { safeReturnUrl } from './return-url';
import { Session } from './session';

const marta = {
  id: 'u1',
  email: 'marta@example.com',
  emailVerified: false,
  displayName: 'Marta Berg',
  createdAt: '2026-01-01T00:00:00Z',
};

type Answer = { status: number; body?: unknown } | 'no network';

/** A server that answers in turn; asking it more often than it has answers is a mistake of the test. */
function sessionWith(...answers: Answer[]) {
  const asked: { url: string; init: RequestInit | undefined }[] = [];
  const fetchFake = async (url: RequestInfo | URL, init?: RequestInit) => {
    asked.push({ url: String(url), init });
    const answer = answers.shift();
    if (!answer) throw new Error('asked too often');
    if (answer === 'no network') throw new TypeError('Failed to fetch');
    const { status, body } = answer;
    return { ok: status < 300, status, json: async () => body, headers: new Headers() } as Response;
  };
  TestBed.configureTestingModule({ providers: [{ provide: FETCH, useValue: fetchFake }] });
  return { session: TestBed.inject(Session), asked };
}

beforeAll(() => {
  // jsdom lacks what every browser we run in has.
  AbortSignal.timeout ??= () => new AbortController().signal;
});

describe('the session', () => {
  it('asks the server once, however many want to know', async () => {
    const { session, asked } = sessionWith({ status: 200, body: marta });
    expect(await Promise.all([session.ensure(), session.ensure()])).toEqual(['signed-in', 'signed-in']);
    await session.ensure();
    expect(asked).toHaveLength(1);
    expect(session.me()?.displayName).toBe('Marta Berg');
  });

  it('is signed out when the server does not know us', async () => {
    const { session } = sessionWith({ status: 401, body: { reason: 'UNAUTHENTICATED' } });
    expect(await session.ensure()).toBe('signed-out');
  });

  it('is not signed out by a broken network, and asks again', async () => {
    const { session } = sessionWith('no network', { status: 200, body: marta });
    expect(await session.ensure()).toBe('unreachable');
    expect(await session.ensure()).toBe('signed-in');
  });

  it('says with every call that it comes from our page', async () => {
    const { session, asked } = sessionWith({ status: 200, body: { user: marta } });
    await session.signIn('marta@example.com', 'secret words');
    expect(asked[0]?.url).toBe('/api/v1/session');
    expect(asked[0]?.init?.headers).toMatchObject({ 'X-Conclave': '1' });
    expect(asked[0]?.init?.credentials).toBe('same-origin');
  });

  it('is nobody’s while a second factor is needed, and its person’s once that is given', async () => {
    const waits = { user: null, next: ['totp', 'recovery_code'] };
    const { session, asked } = sessionWith({ status: 200, body: waits }, { status: 200, body: { user: marta } });
    expect(await session.signIn('marta@example.com', 'secret words')).toEqual(waits.next);
    expect([session.signedIn(), session.me()]).toEqual([false, null]);
    await session.prove({ totp: '123 456' });
    expect(asked[1]?.url).toBe('/api/v1/session/step/totp');
    expect(session.me()?.displayName).toBe('Marta Berg');
  });

  it('hands the personal token over and keeps none of it', async () => {
    const { session } = sessionWith({ status: 201, body: { user: marta, personalToken: 'cnv_once' } });
    expect(await session.signUp('Marta Berg', 'marta@example.com', 'secret words')).toBe('cnv_once');
    expect(JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })).not.toContain('cnv_once');
  });

  it('leaves what was typed to the person who typed it, and nothing to whoever comes after', async () => {
    sessionStorage.clear();
    const place = draftPlace(marta.id, 'chat:room');
    const other = { ...marta, id: 'u2' };
    const { session } = sessionWith(
      { status: 200, body: { user: marta } },
      { status: 200, body: { user: marta } },
      { status: 200, body: { user: other } },
      { status: 204 },
    );
    await session.signIn('marta@example.com', 'secret words');
    sessionStorage.setItem(place, 'half a thought');
    sessionStorage.setItem('else', 'stays');
    // Their session ran out; they sign in again.
    await session.signIn('marta@example.com', 'secret words');
    expect(sessionStorage.getItem(place)).toBe('half a thought');
    await session.signIn('lea@example.com', 'secret words');
    expect(sessionStorage.getItem(place)).toBeNull();
    sessionStorage.setItem(draftPlace(other.id, 'chat:room'), 'another');
    await session.signOut();
    expect({ ...sessionStorage }).toEqual({ else: 'stays' });
  });

  it('does not pretend to be signed out when signing out failed', async () => {
    const { session } = sessionWith({ status: 200, body: marta }, { status: 503, body: {} });
    await session.ensure();
    await expect(session.signOut()).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
    expect(session.signedIn()).toBe(true);
  });
});

describe('the way back after sign-in', () => {
  it('leads to pages of this app', () => {
    expect(safeReturnUrl('/r/abcd-1234?x=1')).toBe('/r/abcd-1234?x=1');
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '',
    undefined,
    '/sign-in',
    '/sign-up?returnUrl=/sign-up',
  ])('%s leads home', (url) => expect(safeReturnUrl(url)).toBe('/'));
});

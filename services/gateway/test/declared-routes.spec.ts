import { auth, rooms } from '@conclave/contracts';
import type { Cookie } from '../src/session/cookies.js';
import { rpcRoute } from '../src/http/route.js';
import { openWorld, type World } from './support/world.js';

const state: Cookie = { name: '__Host-state', sameSite: 'Lax', maxAgeSeconds: 300 };

/** What a sign-in elsewhere needs: away with a cookie, and back with it. */
const more = [
  rpcRoute({
    name: 'goAway',
    method: 'GET',
    path: '/spec/away/{slug}',
    access: 'public',
    limit: 'read',
    rpc: rooms.InvitationsService.method.createInvitation,
    status: 303,
    redirect: 'link',
  }),
  rpcRoute({
    name: 'comeBack',
    method: 'POST',
    path: '/spec/back',
    access: 'public',
    limit: 'sign-in',
    rpc: auth.SessionsService.method.createSession,
    given: { userAgent: ({ cookie }) => cookie(state) ?? 'none', clientAddress: ({ client }) => client.address },
    status: 200,
    cookies: { sessionToken: state, deviceToken: state, challengeToken: state },
  }),
  rpcRoute({
    name: 'forgetState',
    method: 'DELETE',
    path: '/spec/state',
    access: 'public',
    limit: 'write',
    rpc: auth.SessionsService.method.endSession,
    given: { sessionId: () => '' },
    status: 204,
    clears: [state],
  }),
];

describe('a route may declare', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({}, more);
    const { createInvitation } = rooms.InvitationsService.method;
    world.services.on(createInvitation, ({ slug }) => ({ link: `https://elsewhere.example/start?for=${slug}` }));
    world.services.on(auth.SessionsService.method.createSession, () => ({
      account: { id: 'x', createdAt: { seconds: 0n } },
      sessionToken: 'abc',
    }));
    world.services.on(auth.SessionsService.method.endSession, () => ({}));
    await world.services.settled();
  }, 60_000);
  afterAll(() => world.close());

  it('a redirect: the address is in no body', async () => {
    const answer = await world.ask('GET', '/api/v1/spec/away/some-room');
    expect(answer).toMatchObject({
      status: 303,
      text: '',
      headers: { location: 'https://elsewhere.example/start?for=some-room' },
    });
  });

  it('cookies: set, read back into a field, and never in the answer', async () => {
    const body = { email: 'a@b.test', password: 'x' };
    const headers = { cookie: '__Host-state=given-before' };
    const answer = await world.ask('POST', '/api/v1/spec/back', { body, headers });
    expect(answer.headers['set-cookie']).toEqual([
      '__Host-state=abc; Max-Age=300; Path=/; Secure; HttpOnly; SameSite=Lax',
    ]);
    expect(Object.keys(answer.json)).toEqual(['user', 'next', 'expiresAt']);
    expect(world.services.calls('CreateSession').at(-1)?.request).toMatchObject({ userAgent: 'given-before' });
  });

  it('that cookies end', async () => {
    const answer = await world.ask('DELETE', '/api/v1/spec/state');
    expect([answer.status, answer.headers['set-cookie']]).toEqual([
      204,
      ['__Host-state=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax'],
    ]);
  });

  it('all of it in the document too', async () => {
    const { paths } = (await world.ask('GET', '/api/v1/openapi.json')).json;
    expect(paths['/spec/away/{slug}'].get.responses['303'].headers).toHaveProperty('Location');
    expect(JSON.stringify(paths['/spec/back'])).not.toContain('sessionToken');
  });

  it.each([
    ['a parameter', { path: '/spec/{nothing}' as const }],
    ['an answer', { answer: 'nothing' as never }],
    ['a cookie', { cookies: { nothing: state } as never }],
    ['a field that is given', { given: { nothing: () => '' } as never }],
  ])('nothing that the rpc does not have: %s', async (_what, changes) => {
    const wrong = rpcRoute({
      name: 'wrong',
      method: 'POST',
      path: '/spec/wrong',
      access: 'public',
      limit: 'read',
      rpc: rooms.InvitationsService.method.createInvitation,
      status: 200,
      ...changes,
    });
    await expect(openWorld({}, [wrong])).rejects.toThrow('has no field nothing');
  });
});

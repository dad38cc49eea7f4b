import { auth, rooms, files } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { now, openWorld, wireRoom, type Person, type World } from './support/world.js';

describe('the JSON API', () => {
  let world: World;
  let marta: Person;
  beforeAll(async () => {
    world = await openWorld();
    marta = world.person();
  }, 60_000);
  afterAll(() => world.close());

  const account = (person: Person) => ({
    id: person.id,
    email: person.email,
    emailVerified: false,
    displayName: person.name,
    createdAt: now(),
  });

  it('signs up: the account, the token once, and the session only as a cookie', async () => {
    const { services } = world;
    services.on(auth.AccountsService.method.createAccount, () => ({
      account: account(marta),
      personalToken: 'cnv_shown_once',
      sessionToken: marta.cookie,
      deviceToken: 'cnv_dev_new',
    }));
    await services.settled();
    const body = { email: marta.email, password: 'correct horse battery', displayName: marta.name };
    const answer = await world.ask('POST', '/api/v1/account', { body, headers: { 'user-agent': 'Spec/1' } });
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({
      user: {
        id: marta.id,
        email: marta.email,
        emailVerified: false,
        displayName: marta.name,
        createdAt: '2026-11-23T02:00:00.000Z',
        emailVerifiedAt: null,
        emailVerifiedBy: null,
      },
      personalToken: 'cnv_shown_once',
      // A service of the release before does not say it.
      status: null,
    });
    expect(answer.headers['set-cookie']).toEqual([
      `__Host-sid=${marta.cookie}; Path=/; Secure; HttpOnly; SameSite=Lax`,
      '__Host-device=cnv_dev_new; Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=Strict',
    ]);
    for (const secret of [marta.cookie, 'cnv_dev_new']) expect(answer.text).not.toContain(secret);
    expect(services.calls('CreateAccount')[0]?.request).toMatchObject({
      ...body,
      userAgent: 'Spec/1',
      clientAddress: '127.0.0.1',
    });
  });

  it('asks for the proof of an address: no account in the answer, and what the browser is known by as a cookie alone', async () => {
    const { services } = world;
    services.on(auth.AccountsService.method.createAccount, () => ({
      status: auth.SignUpStatus.CHECK_MAIL,
      signUpToken: 'cnv_sub_new',
    }));
    services.on(auth.AccountsService.method.confirmSignUp, () => ({
      account: account(marta),
      personalToken: 'cnv_shown_once',
      sessionToken: marta.cookie,
      deviceToken: 'cnv_dev_new',
    }));
    await services.settled();
    const body = { email: marta.email, password: 'correct horse battery', displayName: marta.name };
    const headers = { 'accept-language': 'de-AT, de' };
    const asked = await world.ask('POST', '/api/v1/account', { body, headers });
    expect(asked.json).toEqual({ user: null, personalToken: null, status: 'check_mail' });
    expect(asked.headers['set-cookie']).toEqual([
      '__Host-sign-up=cnv_sub_new; Max-Age=3600; Path=/; Secure; HttpOnly; SameSite=Strict',
    ]);
    expect(services.calls('CreateAccount').at(-1)?.request).toMatchObject({ language: 'de-AT, de' });

    const cookie = '__Host-sign-up=cnv_sub_new';
    const proven = await world.ask('POST', '/api/v1/account/verify', { body: { code: '012345' }, headers: { cookie } });
    expect(proven.status).toBe(201);
    expect(proven.json).toMatchObject({ user: { id: marta.id }, personalToken: 'cnv_shown_once' });
    expect(proven.headers['set-cookie']).toEqual([
      '__Host-sign-up=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict',
      `__Host-sid=${marta.cookie}; Path=/; Secure; HttpOnly; SameSite=Lax`,
      '__Host-device=cnv_dev_new; Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=Strict',
    ]);
    expect(services.calls('ConfirmSignUp')[0]?.request).toMatchObject({ code: '012345', signUpToken: 'cnv_sub_new' });
  });

  it('signs in with what the browser is known by and the session that it had, so that auth ends that', async () => {
    const { services } = world;
    services.on(auth.SessionsService.method.createSession, () => ({
      account: account(marta),
      sessionToken: marta.cookie,
    }));
    await services.settled();
    const cookie = `__Host-sid=${marta.cookie}; __Host-device=cnv_dev_known`;
    const body = { email: 'a@b.test', password: 'x' };
    const { status, headers } = await world.ask('POST', '/api/v1/session', { body, headers: { cookie } });
    expect(status).toBe(200);
    expect(services.calls('CreateSession').at(-1)?.request).toMatchObject({
      deviceToken: 'cnv_dev_known',
      formerSessionToken: marta.cookie,
    });
    // A service that says nothing of the device takes nothing away.
    expect(headers['set-cookie']).toHaveLength(1);
    for (const field of ['deviceToken', 'formerSessionToken'])
      expect((await world.ask('POST', '/api/v1/session', { body: { ...body, [field]: 'x' } })).status).toBe(400);
  });

  it('signs in and out', async () => {
    const { services } = world;
    services.on(auth.SessionsService.method.createSession, () => ({
      account: account(marta),
      sessionToken: marta.cookie,
    }));
    services.on(auth.SessionsService.method.endSession, () => ({}));
    await services.settled();
    const answer = await world.ask('POST', '/api/v1/session', { body: { email: 'a@b.test', password: 'x' } });
    expect(answer).toMatchObject({ status: 200, json: { user: { id: marta.id } } });
    const out = await world.ask('DELETE', '/api/v1/session', { as: marta });
    expect(out.status).toBe(204);
    expect(out.headers['set-cookie']?.[0]).toMatch(/^__Host-sid=; Max-Age=0;/);
  });

  it('asks auth anew for a person whose name or address is no longer what it was', async () => {
    const { services } = world;
    services.on(auth.AccountsService.method.getAccount, () => ({ account: account(marta) }));
    await services.settled();
    const me = () => world.ask('GET', '/api/v1/me', { as: marta });
    await me();
    const asked = services.calls('ResolveSession').length;
    await me();
    expect(services.calls('ResolveSession')).toHaveLength(asked);
    world.accountChanged(marta.id);
    // The hint overtakes no request: whichever hears of it first asks.
    while (services.calls('ResolveSession').length === asked) await me();
    expect(services.calls('ResolveSession')).toHaveLength(asked + 1);
  });

  it("acts for the caller with auth's principal, the trace and the idempotency key", async () => {
    const { services } = world;
    services.on(rooms.RoomsService.method.createRoom, (request) => ({
      room: { ...wireRoom(marta), name: request.name, accessLevel: request.accessLevel },
      accessCode: 'abcd-efgh-jkmn',
    }));
    await services.settled();
    const answer = await world.ask('POST', '/api/v1/rooms', {
      as: marta,
      body: { name: 'Board', accessLevel: 'invited_and_code', settings: { askPersonalToken: true } },
      headers: { 'idempotency-key': 'key-1' },
    });
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({
      name: 'Board',
      accessLevel: 'invited_and_code',
      role: 'owner',
      accessCode: 'abcd-efgh-jkmn',
      meeting: null,
      lastUsedAt: null,
    });
    const call = services.calls('CreateRoom')[0];
    expect(call).toMatchObject({ principal: marta.principal, idempotencyKey: 'key-1' });
    expect(call?.correlationId).toBe(answer.headers['x-correlation-id']);
  });

  it('serves API clients by personal token, without Origin', async () => {
    world.services.on(rooms.RoomsService.method.listRooms, () => ({ rooms: [wireRoom(marta)], next: 'cursor-2' }));
    await world.services.settled();
    const answer = await world.ask('GET', '/api/v1/rooms?limit=10&after=cursor-1', { bearer: marta.personalToken });
    expect(answer).toMatchObject({
      status: 200,
      json: { items: [{ slug: 'lusab-babad-gutih-tugad' }], next: 'cursor-2' },
    });
    expect(world.services.calls('ListRooms')[0]?.request).toMatchObject({ limit: 10, after: 'cursor-1' });
  });

  it('admits with the address of our own origin', async () => {
    world.services.on(rooms.EntryService.method.requestEntry, () => ({
      joinId: 'a'.repeat(22),
      ticket: 'aaa.bbb.ccc',
      role: rooms.RoomRole.PARTICIPANT,
      can: ['room.view', 'chat.read'],
    }));
    await world.services.settled();
    const answer = await world.ask('POST', '/api/v1/rooms/some-room/entry', { as: marta });
    expect(answer.json).toEqual({
      status: 'admitted',
      joinId: 'a'.repeat(22),
      url: world.origin.replace('http', 'ws'),
      token: 'aaa.bbb.ccc',
      role: 'participant',
      can: ['room.view', 'chat.read'],
    });
  });

  it('says each refusal as a problem with its facts', async () => {
    world.services.on(rooms.EntryService.method.requestEntry, () => {
      throw new DomainError('ACCESS_CODE_WRONG', { details: { attemptsLeft: '3' }, retryAfterSeconds: 2 });
    });
    const answer = await world.ask('POST', '/api/v1/rooms/some-room/entry', { as: marta, body: { accessCode: 'x' } });
    expect(answer.status).toBe(403);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.json).toMatchObject({ reason: 'ACCESS_CODE_WRONG', retryAfter: 2, details: { attemptsLeft: '3' } });
    expect(answer.json.correlationId).toBe(answer.headers['x-correlation-id']);
  });

  it('answers 503 where a service is not there, and not 504 after the deadline of the call', async () => {
    const answer = await world.ask('GET', '/api/v1/rooms/some-room/messages', { as: marta });
    expect(answer).toMatchObject({ status: 503, json: { reason: 'UNAVAILABLE' } });
  });

  it('answers a bare 500 and logs once where an answer is broken', async () => {
    world.services.on(files.FilesService.method.getFile, () => ({}));
    await world.services.settled();
    const lines = world.logLines.length;
    const answer = await world.ask('GET', `/api/v1/rooms/some-room/files/${marta.id}`, { as: marta });
    expect(answer).toMatchObject({ status: 500, json: { reason: 'INTERNAL', title: 'Something of ours broke' } });
    const logged = world.logLines.slice(lines).filter((line) => line.includes('request failed'));
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain(answer.json.correlationId);
  });

  it.each([
    ['an unknown field', { name: 'x', ownerId: 'me' }, 'body'],
    ['a wrong type', { name: 7 }, 'name'],
    ['a missing one', {}, 'name'],
    ['an unknown level', { name: 'x', accessLevel: 'everyone' }, 'accessLevel'],
    ['a wrong part of a part', { name: 'x', settings: { askPersonalToken: 'yes' } }, 'settings.askPersonalToken'],
    ['an array', [], 'body'],
    ['null', null, 'body'],
  ])('names the field for %s', async (_name, body, field) => {
    const answer = await world.ask('POST', '/api/v1/rooms', { as: marta, body });
    expect(answer).toMatchObject({ status: 400, json: { reason: 'INVALID_ARGUMENT', details: { field } } });
  });

  it.each([
    ['malformed JSON', '{"name":', 'application/json', 400],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'application/json', 400],
    ['a poisoned prototype', '{"__proto__":{"a":1},"name":"x"}', 'application/json', 400],
    ['another media type', 'name=x', 'application/x-www-form-urlencoded', 415],
    ['plain text', '{"name":"x"}', 'text/plain', 415],
    ['a body over 64 KiB', JSON.stringify({ name: 'x'.repeat(70_000) }), 'application/json', 413],
  ])('refuses %s as a problem', async (_name, raw, type, status) => {
    const answer = await world.ask('POST', '/api/v1/rooms', { as: marta, raw, headers: { 'content-type': type } });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json.reason).toBe(status === 413 ? 'PAYLOAD_TOO_LARGE' : 'INVALID_ARGUMENT');
  });

  it.each([
    '/api/v1/rooms/%E0%A4%A',
    '/api/v1/rooms/%00',
    `/api/v1/rooms/${'a'.repeat(300)}`,
    `/${'a'.repeat(20_000)}`,
  ])('refuses the address %# without harm', async (path) => {
    const answer = await world.ask('GET', path, { as: marta });
    expect([400, 404, 414, 431]).toContain(answer.status);
    expect(answer.json.reason).toBeDefined();
  });

  it.each(['?limit=0', '?limit=101', '?limit=x', `?after=${'a'.repeat(600)}`])('refuses query %#', async (query) => {
    expect(await world.ask('GET', `/api/v1/rooms${query}`, { as: marta })).toMatchObject({ status: 400 });
  });

  it('describes itself, by document and by page', async () => {
    const document = await world.ask('GET', '/api/v1/openapi.json');
    expect(document.json.openapi).toBe('3.1.1');
    const page = await world.ask('GET', '/api/v1/docs');
    const nonce = /'nonce-([^']+)'/.exec(String(page.headers['content-security-policy']))?.[1];
    expect(page.text).toContain(`<style nonce="${nonce}">`);
    expect(page.text).not.toContain('<script');
  });

  it('answers on its internal port and nowhere else', async () => {
    const { host, port } = world.gateway.internal;
    for (const path of ['/livez', '/readyz', '/metrics']) {
      const inside = await fetch(`http://${host}:${port}${path}`);
      expect(inside.status).toBe(200);
      expect((await world.ask('GET', path)).status).toBe(404);
    }
    const metrics = await (await fetch(`http://${host}:${port}/metrics`)).text();
    expect(metrics).toContain('route="/api/v1/rooms/{slug}/entry"');
    expect(metrics).toContain('gateway_ws_connections');
  });
});

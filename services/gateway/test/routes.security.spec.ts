import { connect } from 'node:net';
import { auth, rooms } from '@conclave/contracts';
import { eventsPath } from '../src/realtime/events/events-door.js';
import { UpgradeDoor } from '../src/realtime/door/upgrade-door.js';
import { ended, openWorld, type Person, type World } from './support/world.js';

/** Values that fit every parameter, so that a refusal is about the caller and nothing else. */
const filled = (path: string): string =>
  '/api/v1' +
  path
    .replace('{slug}', 'some-room')
    .replace('{id}', '01939000-0000-7000-8000-000000000001')
    .replace('{joinId}', 'a'.repeat(22))
    .replace('{token}', `cnv_rec_${'a'.repeat(43)}`);

/** What a stranger may call: a new public route must be added here on purpose. */
const publicRoutes = [
  'GET /docs',
  'GET /openapi.json',
  'OPTIONS /rooms/{slug}/uploads',
  'POST /account',
  'POST /account/address-back/{token}',
  'POST /account/recover',
  'POST /account/recover/{token}',
  'POST /account/verify',
  'POST /csp-reports',
  'POST /session',
  'POST /session/passkey/begin',
  'POST /session/passkey/finish',
  'POST /session/step/recovery-code',
  'POST /session/step/totp',
];

/** What a browser holds between password and second factor. */
const halfFinished = `cnv_step_${'x'.repeat(43)}`;

describe('the door of the API', () => {
  let world: World;
  let marta: Person;
  beforeAll(async () => {
    world = await openWorld();
    marta = world.person();
    world.services.on(rooms.RoomsService.method.listRooms, () => ({ rooms: [], next: '' }));
    world.services.on(auth.SessionsService.method.endSession, () => ({}));
    await world.services.settled();
  }, 60_000);
  afterAll(() => world.close());

  const routes = () => world.gateway.routes;
  const signedIn = () => routes().filter(({ access }) => access === 'signed-in');

  it('knows exactly these routes for strangers', () => {
    const open = routes().filter(({ access }) => access === 'public');
    expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(publicRoutes);
    expect(signedIn().length).toBeGreaterThan(30);
  });

  it('refuses every other route to a stranger, with each kind of worthless proof', async () => {
    const proofs: Record<string, string | undefined>[] = [
      {},
      { cookie: '__Host-sid=' },
      { cookie: `__Host-sid=cnv_ses_${'x'.repeat(43)}` },
      { cookie: `sid=${marta.cookie}` },
      { cookie: `__Host-sid=${marta.cookie}; __Host-sid=${marta.cookie}` },
      { authorization: `Bearer cnv_${'x'.repeat(43)}` },
      { authorization: `Bearer ${marta.principal}` },
      { authorization: `Basic ${marta.personalToken}` },
      { authorization: `Bearer ${marta.cookie}` },
      // A sign-in that waits for its second step opens nothing.
      { cookie: `__Host-step=${halfFinished}` },
      { cookie: `__Host-sid=${halfFinished}; __Host-step=${halfFinished}` },
      { authorization: `Bearer ${halfFinished}` },
      { cookie: `__Host-passkey=cnv_pkc_${'x'.repeat(43)}` },
    ];
    for (const { method, path } of signedIn()) {
      for (const headers of proofs) {
        const answer = await world.ask(method, filled(path), { headers, ...(method !== 'GET' && { body: {} }) });
        expect([method, path, headers, answer.status]).toEqual([method, path, headers, 401]);
        expect(answer.json.reason).toBe('UNAUTHENTICATED');
        expect(answer.headers['www-authenticate']).toContain('Bearer');
      }
    }
  }, 60_000);

  it('takes a HEAD for what it is: a GET with the same door', async () => {
    for (const { method, path } of signedIn()) {
      if (method !== 'GET') continue;
      expect((await world.ask('HEAD', filled(path))).status).toBe(401);
    }
  });

  it('lets no foreign page change anything, cookie or not', async () => {
    const foreign: Record<string, string | undefined>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: world.origin.replace('localhost', '127.0.0.1') },
      { origin: `${world.origin}.evil.example` },
      { origin: undefined },
      { origin: undefined, 'sec-fetch-site': 'cross-site' },
      { origin: undefined, 'sec-fetch-site': 'same-site' },
      { origin: undefined, 'sec-fetch-site': 'none' },
      { 'x-conclave': undefined },
      { 'x-conclave': '0' },
      { origin: 'https://evil.example', 'content-type': 'text/plain', 'x-conclave': undefined },
    ];
    const before = world.services.heard.length;
    for (const { method, path } of routes()) {
      if (method === 'GET' || method === 'OPTIONS' || path === '/csp-reports') continue;
      for (const headers of foreign) {
        const answer = await world.ask(method, filled(path), { as: marta, headers, body: {} });
        expect([method, path, headers, answer.status, answer.json.reason]).toEqual([
          method,
          path,
          headers,
          403,
          'FOREIGN_ORIGIN',
        ]);
      }
    }
    expect(world.services.heard).toHaveLength(before);
  }, 60_000);

  it('answers no preflight', async () => {
    for (const { path } of routes()) {
      const answer = await world.ask('OPTIONS', filled(path), {
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      });
      expect(answer.status).toBe(404);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it.each([
    '//api/v1/rooms',
    '/api//v1/rooms',
    '/api/v1//rooms',
    '/api/v1/rooms/',
    '/API/v1/rooms',
    '/api/v1/Rooms',
    '/api/v1/rooms;x=1',
    '/api/v1/%72ooms',
    '/api/v1/./rooms',
    '/api/v1/../v1/rooms',
    '/api/v1/rooms%2F',
    '/api/v1/rooms%00',
    '\\api\\v1\\rooms',
    '/api/v1/rooms\\',
    'http://localhost/api/v1/rooms',
    '*',
  ])('is not walked around by the spelling %s', async (path) => {
    const before = world.services.calls('ListRooms').length;
    for (const method of ['GET', 'HEAD', 'POST', 'PROPFIND', 'TRACE']) {
      const status = await rawStatus(world, method, path);
      expect([400, 401, 403, 404]).toContain(status);
    }
    expect(world.services.calls('ListRooms')).toHaveLength(before);
  });

  it('does not read method, path or person from headers', async () => {
    const headers = {
      'x-http-method-override': 'DELETE',
      'x-original-url': '/api/v1/rooms',
      'x-forwarded-for': '10.0.0.1',
      'x-user-id': marta.id,
      'conclave-principal': marta.principal,
    };
    expect((await world.ask('GET', '/api/v1/rooms', { headers })).status).toBe(401);
  });

  it('forgets a session that was signed out at once', async () => {
    const person = world.person();
    expect((await world.ask('GET', '/api/v1/rooms', { as: person })).status).toBe(200);
    expect((await world.ask('DELETE', '/api/v1/session', { as: person })).status).toBe(204);
    world.signOut(person);
    const answer = await world.ask('GET', '/api/v1/rooms', { as: person });
    expect(answer.status).toBe(401);
    expect(answer.headers['set-cookie']?.[0]).toContain('Max-Age=0');
  });

  it('opens no WebSocket for a foreign page, wherever it asks', async () => {
    const paths = world.gateway.app.get(UpgradeDoor).known.map((path) => path.replace('{slug}', 'some-room'));
    expect(paths).toContain(eventsPath);
    for (const path of paths)
      for (const origin of ['https://evil.example', 'null', `${world.origin}.evil.example`])
        expect(await ended(world.socket(`${path}?room=x&access_token=a.b.c`, { as: marta, origin }))).toEqual({
          status: 403,
        });
  });

  it('carries the headers of the security design on every answer', async () => {
    for (const [method, path] of [
      ['GET', '/api/v1/rooms'],
      ['GET', '/nothing/here.txt'],
      ['POST', '/api/v1/session'],
      ['GET', '/'],
      ['GET', '/api/v1/%E0%A4%A'],
    ] as const) {
      const { headers } = await world.ask(method, path);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'permissions-policy': expect.stringContaining('camera=(self)'),
      });
      expect(headers['strict-transport-security']).toBeUndefined(); // http: a browser must not be told
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['server']).toBeUndefined();
    }
  });

  it('writes nothing that came in into its log', async () => {
    const canary = 'canary7f3a9c';
    const everywhere = {
      headers: {
        'user-agent': canary,
        'x-file-name': `UTF-8''${canary}`,
        referer: `https://x/${canary}`,
        'idempotency-key': canary,
        traceparent: canary,
        cookie: `__Host-sid=${canary.repeat(4)}; a=${canary}`,
        'x-forwarded-for': canary,
      },
    };
    for (const { method, path } of routes()) {
      const body = { email: canary, password: canary, displayName: canary, [canary]: canary };
      await world.ask(method, `${filled(path)}?q=${canary}`, { ...everywhere, ...(method !== 'GET' && { body }) });
      await world.ask(method, `${filled(path)}/${canary}`, { as: marta });
    }
    await world.ask('POST', '/api/v1/session', { raw: `{"${canary}`, headers: { 'content-type': 'application/json' } });
    await rawStatus(world, 'GET', `/${canary}\u0001`);
    expect(world.logLines.join('')).not.toContain(canary);
  }, 60_000);

  it('is closed while auth does not answer', async () => {
    world.services.on(auth.SessionsService.method.resolveSession, () => new Promise<never>(() => undefined));
    const stranger = world.person();
    const answer = await world.ask('GET', '/api/v1/rooms', { as: stranger });
    expect(answer).toMatchObject({ status: 504, json: { reason: 'DEADLINE_EXCEEDED' } });
  });
});

/** A request line as written: clients tidy paths up, attackers do not. */
function rawStatus(world: World, method: string, path: string): Promise<number> {
  const port = Number(new URL(world.origin).port);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(
        `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nConnection: close\r\n\r\n`,
      ),
    );
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => (text += part));
    socket.on('error', reject);
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)));
  });
}

import { rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { ended, frames, openWorld, type Person, type World } from './support/world.js';

const roomId = '01939000-0000-7000-8000-000000000001';
const token = 'aaa.bbb.ccc';

describe('the media door', () => {
  let world: World;
  let marta: Person;
  /** Principals whose admission is behind the token. */
  const owners = new Set<string>();

  beforeAll(async () => {
    world = await openWorld();
    world.services.on(rooms.EntryService.method.authorizeMedia, ({ mediaToken }, { principal }) => {
      if (mediaToken !== token || !owners.has(principal)) throw new DomainError('ADMISSION_ENDED');
      return { joinId: 'join-1', roomId };
    });
    await world.services.settled();
  }, 60_000);
  beforeEach(() => {
    marta = world.person();
    owners.add(marta.principal);
    world.media.status = 200;
    world.media.seen.length = 0;
  });
  afterAll(() => world.close());

  it.each(['/rtc', '/rtc/v1'])('lets the owner of the admission through %s, both ways', async (path) => {
    const socket = world.socket(`${path}?access_token=${token}&auto_subscribe=1`, { as: marta });
    expect(await frames(socket, 1)).toEqual(['welcome']);
    const echo = frames(socket, 1);
    socket.send('offer');
    expect(await echo).toEqual(['offer']);
    const [seen] = world.media.seen;
    expect(seen?.url).toBe(`${path}?auto_subscribe=1&access_token=${token}`);
    expect(seen?.headers.cookie).toBeUndefined();
    expect(seen?.headers.origin).toBeUndefined();
    socket.close();
  });

  it('carries large frames with back-pressure and nothing lost', async () => {
    const socket = world.socket(`/rtc?access_token=${token}`, { as: marta });
    await frames(socket, 1);
    const sizes: number[] = [];
    socket.on('message', (data: Buffer) => sizes.push(data.length));
    for (let i = 0; i < 100; i++) socket.send(Buffer.alloc(100_000 + i));
    while (sizes.length < 100) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sizes).toEqual(Array.from({ length: 100 }, (_, i) => 100_000 + i));
    socket.close();
  });

  it('asks for every connection, reconnections too', async () => {
    const before = world.services.calls('AuthorizeMedia').length;
    for (const extra of ['', '&reconnect=1']) {
      const socket = world.socket(`/rtc?access_token=${token}${extra}`, { as: marta });
      await frames(socket, 1);
      socket.close();
    }
    expect(world.services.calls('AuthorizeMedia').length - before).toBe(2);
  });

  it.each([
    ['a stolen token: another person signed in', () => ({ as: world.person() }), 403],
    ['no session', () => ({}), 401],
    [
      'a personal token instead of a session',
      () => ({ headers: { authorization: `Bearer ${marta.personalToken}` } }),
      401,
    ],
    ['a foreign Origin', () => ({ as: marta, origin: 'https://evil.example' }), 403],
    ['an opaque Origin', () => ({ as: marta, origin: 'null' }), 403],
    ['a second token in a header', () => ({ as: marta, headers: { authorization: `Bearer ${token}` } }), 401],
  ])('refuses %s', async (_name, options, status) => {
    expect(await ended(world.socket(`/rtc?access_token=${token}`, options()))).toEqual({ status });
    expect(world.media.seen).toEqual([]);
  });

  it.each(['', '?access_token=', `?access_token=${token}&access_token=${token}`, '?access_token=other.bbb.ccc'])(
    'refuses the query %j',
    async (query) => {
      const end = await ended(world.socket(`/rtc${query}`, { as: marta }));
      expect([401, 403]).toContain((end as { status: number }).status);
      expect(world.media.seen).toEqual([]);
    },
  );

  it.each([
    '//rtc',
    '/RTC',
    '/rtc/',
    '/rtc/v2',
    '/rtc/v1/',
    '/rtc%2Fv1',
    '/twirp/livekit.RoomService/ListRooms',
    '/agent',
    '/',
  ])('leads nowhere by %s', async (path) => {
    const query = `?access_token=${token}`;
    expect(await ended(world.socket(path + query, { as: marta }))).toEqual({ status: 404 });
    expect(world.media.seen).toEqual([]);
  });

  it.each([
    '/twirp/livekit.RoomService/ListRooms',
    '/twirp/livekit.RoomService/DeleteRoom',
    '/rtc',
    '/rtc/v1',
    '/debug/rooms',
  ])('reaches nothing else of LiveKit by HTTP: %s', async (path) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
      expect(
        (
          await world.ask(method, path, {
            as: marta,
            headers: { accept: 'application/json', 'sec-fetch-dest': 'empty' },
          })
        ).status,
      ).toBe(404);
    expect(world.media.seen).toEqual([]);
  });

  it.each(['/rtc/validate', '/rtc/v1/validate'])('validates behind the same checks: %s', async (path) => {
    const where = `${path}?access_token=${token}`;
    const plain = { headers: { origin: undefined, 'x-conclave': undefined } };
    expect(await world.ask('GET', where, { ...plain, as: marta })).toMatchObject({ status: 200, text: 'success' });
    const inHeader = { headers: { ...plain.headers, authorization: `Bearer ${token}` }, as: marta };
    expect(await world.ask('GET', path, inHeader)).toMatchObject({ status: 200 });
    expect(world.media.seen).toHaveLength(2);
    expect(await world.ask('GET', where, plain)).toMatchObject({ status: 401 });
    expect(await world.ask('GET', where, { ...plain, as: world.person() })).toMatchObject({ status: 403 });
    const foreign = { headers: { ...plain.headers, 'sec-fetch-site': 'cross-site' }, as: marta };
    expect(await world.ask('GET', where, foreign)).toMatchObject({ status: 403, json: { reason: 'FOREIGN_ORIGIN' } });
    expect(world.media.seen).toHaveLength(2);
  });

  it('says what LiveKit refuses', async () => {
    world.media.status = 404;
    expect(await ended(world.socket(`/rtc?access_token=${token}`, { as: marta }))).toEqual({ status: 404 });
    world.media.status = 500;
    expect(await ended(world.socket(`/rtc?access_token=${token}`, { as: marta }))).toEqual({ status: 503 });
  });

  it.each([
    ['the admission', () => world.presenceRevoked({ roomId, joinIds: ['join-1'] }), 4403],
    ['the person', () => world.presenceRevoked({ roomId, userIds: [marta.id] }), 4403],
    ['the whole room', () => world.presenceRevoked({ roomId }), 4403],
    ['the session', () => world.sessionRevoked({ userId: marta.id, sessionIds: [marta.sessionId] }), 4401],
  ])('cuts open media at once when %s is revoked', async (_name, revoke, code) => {
    const socket = world.socket(`/rtc?access_token=${token}`, { as: marta });
    await frames(socket, 1);
    const upstream = world.media.sockets.at(-1)!;
    const serverSide = new Promise((resolve) => upstream.once('close', resolve));
    const end = ended(socket);
    const asked = world.services.calls('AuthorizeMedia').length;
    revoke();
    expect(await end).toMatchObject({ code });
    await serverSide;
    // By the broadcast alone: nobody was asked.
    expect(world.services.calls('AuthorizeMedia').length).toBe(asked);
  });

  it('does not open when the revocation comes while we connect', async () => {
    world.services.on(rooms.EntryService.method.authorizeMedia, async () => {
      world.presenceRevoked({ roomId, joinIds: ['join-2'] });
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { joinId: 'join-2', roomId };
    });
    const socket = world.socket(`/rtc?access_token=${token}`, { as: marta });
    const got: string[] = [];
    socket.on('message', (data) => got.push(data.toString()));
    expect(await ended(socket)).toMatchObject({ status: 403 });
    expect(got).toEqual([]);
  });

  it('cuts a flood of frames', async () => {
    world.services.on(rooms.EntryService.method.authorizeMedia, () => ({ joinId: 'join-3', roomId }));
    const socket = world.socket(`/rtc?access_token=${token}`, { as: marta });
    await frames(socket, 1);
    const end = ended(socket);
    for (let i = 0; i < 2000; i++) socket.send('x');
    expect(await end).toMatchObject({ code: 1008 });
  });

  it('never writes a token into a log', () => {
    expect(world.logLines.join('')).not.toContain(token);
    expect(world.logLines.join('')).not.toContain('access_token');
  });
});

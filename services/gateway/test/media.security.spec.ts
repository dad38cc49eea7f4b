import { rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { field, joinRequest, ordinaryJoin, welcome } from './support/signal.js';
import { ended, frames, openWorld, type Person, type World } from './support/world.js';

const roomId = '01939000-0000-7000-8000-000000000001';
const joinId = 'ab'.repeat(16);
/** What the browser shows, and what only LiveKit is shown. */
const ticket = 'ab'.repeat(16);
const mediaToken = 'lll.kkk.jjj';
const offer = field(1, 'offer');

describe('the media door', () => {
  let world: World;
  let marta: Person;
  /** Principals whose admission is behind the ticket. */
  const owners = new Set<string>();
  let confirmed = (): void => undefined;

  beforeAll(async () => {
    world = await openWorld();
    world.services.on(rooms.EntryService.method.authorizeMedia, ({ ticket: shown }, { principal }) => {
      if (shown !== ticket || !owners.has(principal)) throw new DomainError('ADMISSION_ENDED');
      return { joinId, roomId, mediaToken };
    });
    world.services.on(rooms.EntryService.method.confirmMedia, (request, { principal }) => {
      if (request.joinId !== joinId || !owners.has(principal)) throw new DomainError('ADMISSION_ENDED');
      confirmed();
      return {};
    });
    await world.services.settled();
  }, 60_000);
  beforeEach(() => {
    marta = world.person();
    owners.add(marta.principal);
    world.media.status = 200;
    world.media.greeting = welcome;
    confirmed = () => undefined;
    world.media.seen.length = 0;
  });
  afterAll(() => world.close());

  const said = { '/rtc': 'auto_subscribe=1', '/rtc/v1': `join_request=${joinRequest(ordinaryJoin)}` };

  it.each(['/rtc', '/rtc/v1'] as const)('lets the owner of the admission through %s, both ways', async (path) => {
    const socket = world.socket(`${path}?access_token=${ticket}&${said[path]}`, { as: marta });
    expect(await frames(socket, 1)).toEqual([welcome.toString()]);
    const echo = frames(socket, 1);
    socket.send(offer);
    expect(await echo).toEqual([offer.toString()]);
    const [seen] = world.media.seen;
    const query = new URL(seen?.url ?? '', 'ws://livekit').searchParams;
    expect(seen?.url?.startsWith(`${path}?`)).toBe(true);
    expect(query.getAll('access_token')).toEqual([mediaToken]);
    expect(seen?.headers.cookie).toBeUndefined();
    expect(seen?.headers.origin).toBeUndefined();
    socket.close();
  });

  it('lets nothing through before rooms has matched the connection with the admission', async () => {
    const order: string[] = [];
    confirmed = () => order.push('matched');
    const socket = world.socket(`/rtc?access_token=${ticket}`, { as: marta });
    socket.on('message', () => order.push('heard'));
    await frames(socket, 1);
    expect(order).toEqual(['matched', 'heard']);
    socket.close();
  });

  it('refuses where rooms does not match it, and the media server loses the connection', async () => {
    confirmed = () => {
      throw new DomainError('ADMISSION_ENDED');
    };
    expect(await ended(world.socket(`/rtc?access_token=${ticket}`, { as: marta }))).toEqual({ status: 403 });
    const upstream = world.media.sockets.at(-1)!;
    if (upstream.readyState !== upstream.CLOSED) await new Promise((resolve) => upstream.once('close', resolve));
  });

  it('matches nobody whom the media server has not taken in', async () => {
    world.media.greeting = field(8);
    const before = world.services.calls('ConfirmMedia').length;
    const socket = world.socket(`/rtc?access_token=${ticket}`, { as: marta });
    expect(await frames(socket, 1)).toEqual([field(8).toString()]);
    expect(world.services.calls('ConfirmMedia')).toHaveLength(before);
    socket.close();
  });

  it('keeps the tokens that the media server hands out: no frame with one passes, the others do, in order', async () => {
    const refresh = field(16, 'eee.fff.ggg');
    const moved = field(24, field(2, 'eee.fff.ggg'));
    world.media.greeting = Buffer.concat([welcome, refresh]);
    const socket = world.socket(`/rtc?access_token=${ticket}`, { as: marta });
    const got: string[] = [];
    socket.on('message', (data: Buffer) => got.push(data.toString()));
    await new Promise((resolve) => socket.once('open', resolve));
    const upstream = world.media.sockets.at(-1)!;
    for (const frame of [refresh, moved, Buffer.concat([field(3), refresh]), Buffer.from([0xff]), offer])
      upstream.send(frame);
    upstream.send('{"refreshToken":"eee.fff.ggg"}');
    upstream.send(field(18));
    while (got.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(got).toEqual([offer.toString(), field(18).toString()]);
    socket.close();
  });

  it('passes on what a browser asks for, and nothing else; text ends it', async () => {
    const socket = world.socket(`/rtc?access_token=${ticket}`, { as: marta });
    await frames(socket, 1);
    const heard: string[] = [];
    world.media.sockets.at(-1)!.on('message', (data: Buffer) => heard.push(data.toString()));
    const echo = frames(socket, 1);
    const simulate = field(13);
    for (const frame of [simulate, field(15, 'a name'), field(19), Buffer.concat([offer, simulate]), offer])
      socket.send(frame);
    await echo;
    expect(heard).toEqual([offer.toString()]);
    const end = ended(socket);
    socket.send('{"offer":{}}');
    expect(await end).toMatchObject({ code: 4400 });
  });

  it.each([
    ['/rtc', 'publish=x'],
    ['/rtc', 'auto_subscribe=1&auto_subscribe=1'],
    ['/rtc/v1', 'publish=x'],
    ['/rtc/v1', `join_request=${joinRequest(Buffer.concat([ordinaryJoin, field(3, 'owner')]))}`],
  ])('refuses what livekit-client does not say: %s?%s', async (path, query) => {
    expect(await ended(world.socket(`${path}?access_token=${ticket}&${query}`, { as: marta }))).toEqual({
      status: 400,
    });
    const plain = { as: marta, headers: { origin: undefined, 'x-conclave': undefined } };
    expect(await world.ask('GET', `${path}/validate?access_token=${ticket}&${query}`, plain)).toMatchObject({
      status: 400,
    });
    expect(world.media.seen).toEqual([]);
  });

  it('carries large frames with back-pressure and nothing lost', async () => {
    const socket = world.socket(`/rtc?access_token=${ticket}`, { as: marta });
    await frames(socket, 1);
    const sizes: number[] = [];
    socket.on('message', (data: Buffer) => sizes.push(data.length));
    const large = Array.from({ length: 100 }, (_, i) => field(1, Buffer.alloc(100_000 + i)));
    for (const frame of large) socket.send(frame);
    while (sizes.length < 100) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sizes).toEqual(large.map(({ length }) => length));
    socket.close();
  });

  it('asks for every connection, reconnections too', async () => {
    const before = world.services.calls('AuthorizeMedia').length;
    for (const extra of ['', '&reconnect=1']) {
      const socket = world.socket(`/rtc?access_token=${ticket}${extra}`, { as: marta });
      await frames(socket, 1);
      socket.close();
    }
    expect(world.services.calls('AuthorizeMedia').length - before).toBe(2);
  });

  it.each([
    ['a stolen ticket: another person signed in', () => ({ as: world.person() }), 403],
    ['no session', () => ({}), 401],
    [
      'a personal token instead of a session',
      () => ({ headers: { authorization: `Bearer ${marta.personalToken}` } }),
      401,
    ],
    ['a foreign Origin', () => ({ as: marta, origin: 'https://evil.example' }), 403],
    ['an opaque Origin', () => ({ as: marta, origin: 'null' }), 403],
    ['a second token in a header', () => ({ as: marta, headers: { authorization: `Bearer ${ticket}` } }), 401],
  ])('refuses %s', async (_name, options, status) => {
    expect(await ended(world.socket(`/rtc?access_token=${ticket}`, options()))).toEqual({ status });
    expect(world.media.seen).toEqual([]);
  });

  it.each(['', '?access_token=', `?access_token=${ticket}&access_token=${ticket}`, '?access_token=other.bbb.ccc'])(
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
    const query = `?access_token=${ticket}`;
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
    const where = `${path}?access_token=${ticket}`;
    const plain = { headers: { origin: undefined, 'x-conclave': undefined } };
    expect(await world.ask('GET', where, { ...plain, as: marta })).toMatchObject({ status: 200, text: 'success' });
    const inHeader = { headers: { ...plain.headers, authorization: `Bearer ${ticket}` }, as: marta };
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
    expect(await ended(world.socket(`/rtc?access_token=${ticket}`, { as: marta }))).toEqual({ status: 404 });
    world.media.status = 500;
    expect(await ended(world.socket(`/rtc?access_token=${ticket}`, { as: marta }))).toEqual({ status: 503 });
  });

  it.each([
    ['the admission', () => world.presenceRevoked({ roomId, joinIds: [joinId] }), 4403],
    ['the person', () => world.presenceRevoked({ roomId, userIds: [marta.id] }), 4403],
    ['the whole room', () => world.presenceRevoked({ roomId }), 4403],
    ['the session', () => world.sessionRevoked({ userId: marta.id, sessionIds: [marta.sessionId] }), 4401],
  ])('cuts open media at once when %s is revoked', async (_name, revoke, code) => {
    const socket = world.socket(`/rtc?access_token=${ticket}`, { as: marta });
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
      return { joinId: 'join-2', roomId, mediaToken };
    });
    const socket = world.socket(`/rtc?access_token=${ticket}`, { as: marta });
    const got: string[] = [];
    socket.on('message', (data) => got.push(data.toString()));
    expect(await ended(socket)).toMatchObject({ status: 403 });
    expect(got).toEqual([]);
  });

  it('cuts a flood of frames', async () => {
    world.services.on(rooms.EntryService.method.authorizeMedia, () => ({ joinId, roomId, mediaToken }));
    const socket = world.socket(`/rtc?access_token=${ticket}`, { as: marta });
    await frames(socket, 1);
    const end = ended(socket);
    for (let i = 0; i < 2000; i++) socket.send(field(14));
    expect(await end).toMatchObject({ code: 1008 });
  });

  it('never writes a token into a log', () => {
    for (const secret of [ticket, mediaToken]) expect(world.logLines.join('')).not.toContain(secret);
    expect(world.logLines.join('')).not.toContain('access_token');
  });
});

import { broadcasts, create, rooms, toBinary } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type WebSocket from 'ws';
import { ended, frames, now, openWorld, type Person, type World } from './world.js';

const roomId = '01939000-0000-7000-8000-000000000001';
const path = '/api/v1/events?room=some-room';

describe('the events socket', () => {
  let world: World;
  let marta: Person;
  let log: rooms.RoomEvent[];
  let refuse: DomainError | undefined;

  beforeAll(async () => {
    world = await openWorld();
    world.services.on(rooms.RoomEventsService.method.listRoomEvents, ({ after, limit }) => {
      if (refuse) throw refuse;
      const events = after === undefined ? [] : log.filter(({ seq }) => seq > after).slice(0, limit);
      return { events, lastSeq: BigInt(log.length), roomId, joinId: 'join-1' };
    });
    await world.services.settled();
  }, 60_000);
  beforeEach(() => {
    marta = world.person();
    log = [];
    refuse = undefined;
  });
  afterAll(() => world.close());

  const event = (type = 'message.created'): rooms.RoomEvent => {
    const data = Buffer.from(JSON.stringify({ messageId: `m${log.length + 1}` }));
    const made = create(rooms.RoomEventSchema, { seq: BigInt(log.length + 1), type, at: now(), data, roomId });
    log.push(made);
    return made;
  };
  const tell = (made: rooms.RoomEvent): void =>
    world.services.publish('rooms', broadcasts.room(roomId), toBinary(rooms.RoomEventSchema, made));
  const seqs = (got: string[]) => got.map((text) => (JSON.parse(text) as { seq: number }).seq);
  const answering = (socket: WebSocket) => new Promise((resolve) => socket.once('open', resolve));
  const settled = async (socket: WebSocket) => {
    await answering(socket);
    await new Promise((resolve) => setTimeout(resolve, 100));
  };

  it('sends what was missed and then what happens, each number once', async () => {
    for (let i = 0; i < 3; i++) event();
    const socket = world.socket(`${path}&after=1`, { as: marta });
    const got = frames(socket, 4);
    await settled(socket);
    const fourth = event();
    tell(fourth);
    tell(fourth);
    tell(event('file.available'));
    expect(seqs(await got)).toEqual([2, 3, 4, 5]);
  });

  it('begins with now where nothing is said', async () => {
    event();
    const socket = world.socket(path, { as: marta });
    const got = frames(socket, 1);
    await settled(socket);
    tell(event('room.updated'));
    expect(JSON.parse((await got)[0]!)).toEqual({
      seq: 2,
      type: 'room.updated',
      at: '2026-11-23T02:00:00.000Z',
      data: { messageId: 'm2' },
    });
  });

  it('reads the log where a broadcast was lost', async () => {
    const socket = world.socket(path, { as: marta });
    const got = frames(socket, 3);
    await settled(socket);
    event();
    event();
    tell(event());
    expect(seqs(await got)).toEqual([1, 2, 3]);
  });

  it('reaches every socket of a room, and is heard only while one needs it', async () => {
    const [one, two] = [world.socket(path, { as: marta }), world.socket(path, { as: world.person() })];
    const got = [frames(one, 1), frames(two, 1)];
    await Promise.all([settled(one), settled(two)]);
    tell(event());
    expect((await Promise.all(got)).flat()).toHaveLength(2);
  });

  it('answers a ping', async () => {
    const socket = world.socket(path, { as: marta });
    const got = frames(socket, 1);
    await settled(socket);
    socket.send('{"type":"ping"}');
    expect(await got).toEqual(['{"type":"pong"}']);
  });

  it.each([
    ['no JSON', 'hello'],
    ['another type', '{"type":"subscribe"}'],
    ['more than a type', '{"type":"ping","room":"x"}'],
    ['an empty frame', ''],
    ['bytes', Buffer.from([1, 2, 3])],
  ])('closes with 4400 on %s', async (_name, frame) => {
    const socket = world.socket(path, { as: marta });
    const end = ended(socket);
    await settled(socket);
    socket.send(frame);
    expect(await end).toMatchObject({ code: 4400 });
  });

  it('closes on a frame of more than 4 KiB, and on a flood', async () => {
    const large = world.socket(path, { as: marta });
    const flood = world.socket(path, { as: marta });
    const ends = [ended(large), ended(flood)];
    await Promise.all([settled(large), settled(flood)]);
    large.send('x'.repeat(5000));
    for (let i = 0; i < 40; i++) flood.send('{"type":"ping"}');
    expect(await Promise.all(ends)).toEqual([
      expect.objectContaining({ code: 1009 }),
      expect.objectContaining({ code: 4400 }),
    ]);
  });

  it.each([
    ['no room', '/api/v1/events'],
    ['a room that cannot be', '/api/v1/events?room=../etc'],
    ['a number that is none', `${path}&after=-1`],
  ])('closes with 4400 on %s', async (_name, where) => {
    expect(await ended(world.socket(where, { as: marta }))).toMatchObject({ code: 4400 });
  });

  it('closes with 4403 for who is not in the room', async () => {
    refuse = new DomainError('NOT_PRESENT');
    expect(await ended(world.socket(path, { as: marta }))).toMatchObject({ code: 4403 });
  });

  it('closes with 1013 while rooms does not answer well', async () => {
    refuse = new DomainError('UNAVAILABLE');
    expect(await ended(world.socket(path, { as: marta }))).toMatchObject({ code: 1013 });
  });

  it.each([
    ['this admission', { roomId, joinIds: ['join-1'] }],
    ['this person', (person: Person) => ({ roomId, userIds: [person.id] })],
    ['everybody', { roomId }],
  ])('closes with 4403 at once when presence is revoked for %s', async (_name, what) => {
    const socket = world.socket(path, { as: marta });
    const end = ended(socket);
    await settled(socket);
    const before = performance.now();
    world.presenceRevoked(typeof what === 'function' ? what(marta) : what);
    expect(await end).toMatchObject({ code: 4403 });
    expect(performance.now() - before).toBeLessThan(500);
  });

  it('closes with 4401 at once when the session ends, and stays closed', async () => {
    const socket = world.socket(path, { as: marta });
    const end = ended(socket);
    await settled(socket);
    world.signOut(marta);
    world.sessionRevoked({ userId: marta.id, sessionIds: [marta.sessionId] });
    expect(await end).toMatchObject({ code: 4401 });
    expect(await ended(world.socket(path, { as: marta }))).toMatchObject({ code: 4401 });
    expect(await world.ask('GET', '/api/v1/me', { as: marta })).toMatchObject({ status: 401 });
  });
});

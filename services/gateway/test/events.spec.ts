import {
  audiencesInside,
  broadcasts,
  common,
  create,
  eventKinds,
  isFor,
  rooms,
  toBinary,
  type EventInit,
} from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type WebSocket from 'ws';
import { ended, frames as allFrames, now, openWorld, type Person, type World } from './support/world.js';

const roomId = '01939000-0000-7000-8000-000000000001';
const path = '/api/v1/events?room=some-room';

describe('the events socket', () => {
  let world: World;
  let marta: Person;
  let log: rooms.RoomEvent[];
  let refuse: DomainError | undefined;
  let audiences: readonly common.Audience[];
  let asked: number;
  let waiting: boolean;

  beforeAll(async () => {
    world = await openWorld();
    world.services.on(rooms.RoomEventsService.method.listRoomEvents, ({ after, limit }) => {
      if (refuse) throw refuse;
      asked++;
      const stands = { roomId, joinId: 'join-1' };
      if (waiting) return { ...stands, waiting, lastSeq: after ?? BigInt(log.length), throughSeq: after ?? 0n };
      const hearer = { userId: marta.id, audiences };
      const mine = log.filter((event) => isFor(event, hearer));
      const events = after === undefined ? [] : mine.filter(({ seq }) => seq > after).slice(0, limit);
      const lastSeq = BigInt(log.length);
      const throughSeq = events.length === limit ? events.at(-1)!.seq : lastSeq;
      return { events, lastSeq, throughSeq, roomId, joinId: 'join-1', audiences: [...audiences] };
    });
    await world.services.settled();
  }, 60_000);
  beforeEach(() => {
    marta = world.person();
    log = [];
    refuse = undefined;
    audiences = audiencesInside('participant');
    asked = 0;
    waiting = false;
  });
  afterAll(() => world.close());

  const event = (happened?: EventInit<rooms.RoomEvent>, personId = ''): rooms.RoomEvent => {
    const said = { case: 'messageCreated', value: { messageId: `m${log.length + 1}`, authorId: 'a' } } as const;
    const seq = BigInt(log.length + 1);
    const made = create(rooms.RoomEventSchema, { seq, at: now(), roomId, personId, event: happened ?? said });
    log.push(made);
    return made;
  };
  const empty = (kind: { case: string }, personId = '') =>
    event({ case: kind.case, value: {} } as EventInit<rooms.RoomEvent>, personId);
  const tell = (made: rooms.RoomEvent): void =>
    world.services.publish('rooms', broadcasts.room(roomId), toBinary(rooms.RoomEventSchema, made));
  const seqs = (got: string[]) => got.map((text) => (JSON.parse(text) as { seq: number }).seq);
  const answering = (socket: WebSocket) => new Promise((resolve) => socket.once('open', resolve));
  /** In: what is said before is read only then. */
  const settled = async (socket: WebSocket) => {
    await answering(socket);
    await answered(socket);
  };
  /** What was said to it before has come. */
  const answered = async (socket: WebSocket) => {
    const pong = new Promise<void>((resolve) =>
      socket.on('message', (data) => void (String(data) === '{"type":"pong"}' && resolve())),
    );
    socket.send('{"type":"ping"}');
    await pong;
  };
  /** The next events; answers to a ping are none. */
  const frames = (socket: WebSocket, count: number): Promise<string[]> =>
    new Promise((resolve, reject) => {
      const got: string[] = [];
      socket.on('message', (data) => {
        if (String(data) !== '{"type":"pong"}') got.push(String(data));
        if (got.length === count) resolve(got);
      });
      socket.on('close', (code) => reject(new Error(`closed with ${code} after ${got.length} events`)));
    });
  it('sends what was missed and then what happens, each number once', async () => {
    for (let i = 0; i < 3; i++) event();
    const socket = world.socket(`${path}&after=1`, { as: marta });
    const got = frames(socket, 4);
    await settled(socket);
    const fourth = event();
    tell(fourth);
    tell(fourth);
    tell(event({ case: 'fileAvailable', value: { fileId: 'f', ownerId: 'o' } }));
    expect(seqs(await got)).toEqual([2, 3, 4, 5]);
  });

  it('begins with now where nothing is said', async () => {
    event();
    const socket = world.socket(path, { as: marta });
    const got = frames(socket, 1);
    await settled(socket);
    tell(event({ case: 'participantLeft', value: { joinId: 'j', userId: 'u', reason: 'left' } }));
    expect(JSON.parse((await got)[0]!)).toEqual({
      seq: 2,
      type: 'participant.left',
      at: '2026-11-23T02:00:00.000Z',
      data: { joinId: 'j', userId: 'u', reason: 'left' },
    });
  });

  describe('and audiences', () => {
    const standings = {
      'a participant': () => audiencesInside('participant'),
      'a host': () => audiencesInside('moderator'),
      'somebody who waits before the door': () => [common.Audience.WAITING, common.Audience.PERSON],
    };
    const kinds = eventKinds(rooms.RoomEventSchema);
    it.each(Object.entries(standings).flatMap(([who, of]) => kinds.map((kind) => [kind.type, who, kind, of] as const)))(
      '%s reaches %s only where it is for them, live and from the log',
      async (type, _who, kind, of) => {
        audiences = of();
        const mine = audiences.includes(kind.audience);
        const to = kind.audience === common.Audience.PERSON ? marta.id : '';
        const begin = { case: 'participantPermissions', value: { joinId: 'j' } } as const;
        for (const name of ['live', 'log']) {
          log = [];
          if (name === 'log') empty(kind, to);
          const socket = world.socket(`${path}&after=0`, { as: marta });
          const got = frames(socket, mine ? 2 : 1);
          await settled(socket);
          if (name === 'live') tell(empty(kind, to));
          tell(event(begin, marta.id));
          const heard = (await got).map((text) => JSON.parse(text) as { seq: number; type: string; after?: number });
          const last = { seq: 2, type: 'participant.permissions' };
          expect(heard).toMatchObject(mine ? [{ seq: 1, type }, last] : [{ ...last, after: 0 }]);
          socket.terminate();
        }
      },
    );

    it('of one person reach that person alone', async () => {
      const socket = world.socket(`${path}&after=0`, { as: marta });
      const got = frames(socket, 2);
      await settled(socket);
      const kind = { case: 'participantPermissions' };
      for (const made of [empty(kind, 'somebody else'), event(), empty(kind, 'somebody else'), event()]) tell(made);
      expect((await got).map((text) => JSON.parse(text) as object)).toMatchObject([
        { seq: 2, type: 'message.created', after: 0 },
        { seq: 4, type: 'message.created', after: 2 },
      ]);
    });

    it('follow a change of rights at once: what only hosts hear ends with the event that says so', async () => {
      audiences = audiencesInside('moderator');
      const socket = world.socket(`${path}&after=0`, { as: marta });
      const got = frames(socket, 3);
      await settled(socket);
      tell(empty({ case: 'lobbyEntered' }));
      audiences = audiencesInside('participant');
      const before = asked;
      for (const made of [
        empty({ case: 'participantPermissions' }, marta.id),
        empty({ case: 'lobbyEntered' }),
        event(),
      ])
        tell(made);
      expect((await got).map((text) => (JSON.parse(text) as { type: string }).type)).toEqual([
        'lobby.entered',
        'participant.permissions',
        'message.created',
      ]);
      expect(asked).toBeGreaterThan(before);
    });
  });

  describe('while its person is on the way in', () => {
    const came = () =>
      event({ case: 'participantJoined', value: { joinId: 'join-1', userId: marta.id, displayName: 'Marta' } });
    const went = () =>
      event({ case: 'participantLeft', value: { joinId: 'join-1', userId: marta.id, reason: 'left' } });

    it('is open and says nothing of what happens, and everything once they are there', async () => {
      waiting = true;
      const socket = world.socket(`${path}&after=0`, { as: marta });
      const early: string[] = [];
      socket.on('message', (data) => void (String(data) === '{"type":"pong"}' || early.push(String(data))));
      await settled(socket);
      for (let i = 0; i < 3; i++) tell(event());
      await world.services.settled();
      await answered(socket);
      expect(early).toEqual([]);
      const got = frames(socket, 4);
      waiting = false;
      tell(came());
      expect(seqs(await got)).toEqual([1, 2, 3, 4]);
    });

    it('looks by itself where nobody says that they have come', async () => {
      waiting = true;
      event();
      const socket = world.socket(`${path}&after=0`, { as: marta });
      const got = frames(socket, 1);
      await settled(socket);
      waiting = false;
      expect(seqs(await got)).toEqual([1]);
    });

    it('falls silent when they have gone, with the event that says so', async () => {
      const socket = world.socket(`${path}&after=0`, { as: marta });
      const first = frames(socket, 1);
      await settled(socket);
      tell(event());
      expect(seqs(await first)).toEqual([1]);
      waiting = true;
      const before = asked;
      const rest = frames(socket, 4);
      tell(went());
      tell(event());
      tell(event());
      while (asked === before) await new Promise((resolve) => setTimeout(resolve, 10));
      waiting = false;
      tell(came());
      expect(seqs(await rest)).toEqual([2, 3, 4, 5]);
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
    const got = allFrames(socket, 2);
    await settled(socket);
    socket.send('{"type":"ping"}');
    expect(await got).toEqual(['{"type":"pong"}', '{"type":"pong"}']);
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
    const before = asked;
    world.presenceRevoked(typeof what === 'function' ? what(marta) : what);
    expect(await end).toMatchObject({ code: 4403 });
    // By the broadcast alone: nobody was asked.
    expect(asked).toBe(before);
  });

  describe('says how a stay ended before it closes', () => {
    const lastOf = (socket: WebSocket) =>
      new Promise<unknown>((resolve) => {
        let last = '';
        socket.on('message', (data) => (last = String(data)));
        socket.on('close', () => resolve(JSON.parse(last)));
      });
    const said = (reason: string) => ({ type: 'stay.ended', at: expect.any(String), data: { reason } });
    const reasons = Object.values(common.StayEnd).filter((value): value is common.StayEnd => Number(value) > 0);

    it.each(reasons.map((reason) => [common.StayEnd[reason].toLowerCase(), reason] as const))(
      'by the word of the broadcast: %s',
      async (word, reason) => {
        const socket = world.socket(path, { as: marta });
        const last = lastOf(socket);
        await settled(socket);
        world.presenceRevoked({ roomId, joinIds: ['join-1'], reason });
        expect(await last).toEqual(said(word));
      },
    );

    it('where the broadcast was lost, by what rooms says', async () => {
      refuse = new DomainError('NOT_PRESENT', { details: { stayEnded: 'removed' } });
      expect(await lastOf(world.socket(path, { as: marta }))).toEqual(said('removed'));
    });

    it('when the session ends', async () => {
      const socket = world.socket(path, { as: marta });
      const last = lastOf(socket);
      await settled(socket);
      world.sessionRevoked({ userId: marta.id, sessionIds: [marta.sessionId] });
      expect(await last).toEqual(said('session_ended'));
    });

    it('and nothing where nobody said how', async () => {
      const socket = world.socket(path, { as: marta });
      const last = lastOf(socket);
      await settled(socket);
      world.presenceRevoked({ roomId, joinIds: ['join-1'] });
      expect(await last).toEqual({ type: 'pong' });
    });
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

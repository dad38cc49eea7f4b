import {
  audiencesInside,
  broadcasts,
  create,
  permissionsOf,
  rooms,
  toBinary,
  type Permission,
} from '@conclave/contracts';
import {
  awarenessOps,
  controlOps,
  gatewayOps,
  liveChannels,
  liveFrame,
  liveSender,
  readLiveFrame,
} from '@conclave/contracts/live';
import { DomainError } from '@conclave/errors';
import { Bus } from '@conclave/messaging';
import { Metrics } from '@conclave/platform';
import { freePort } from '@conclave/testing';
import WebSocket from 'ws';
import { bootGateway, type RunningGateway } from '../src/boot.js';
import { LiveConnections } from '../src/live/live-connections.js';
import { LiveRooms } from '../src/realtime/live/live-rooms.js';
import { ended, now, openWorld, type Person, type World } from './support/world.js';

const roomId = '01939000-0000-7000-8000-000000000001';
const otherRoomId = '01939000-0000-7000-8000-000000000002';
const path = '/api/v1/rooms/some-room/live';
const { awareness, control } = liveChannels;
const { state, ask, gone } = awarenessOps;
const typing = liveFrame(awareness, state, [1]);

interface Inside extends Person {
  readonly joinId: string;
  readonly sender: number;
}

/** Frames as they come: `[sender, channel, op, ...body]`; what is text comes from the gateway itself. */
function listen(socket: WebSocket) {
  const got: number[][] = [];
  const said: unknown[] = [];
  let heard: () => void = () => undefined;
  socket.on('message', (data: Buffer, binary: boolean) => {
    if (!binary) return void said.push(JSON.parse(data.toString()));
    const frame = readLiveFrame(data);
    got.push(frame ? [frame.sender, frame.channel, frame.op, ...frame.body] : []);
    heard();
  });
  const until = (count: number) =>
    new Promise<number[][]>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`heard ${JSON.stringify(got)}`)), 30_000);
      heard = () => {
        if (got.length < count) return;
        clearTimeout(timer);
        resolve(got.slice());
      };
      heard();
    });
  return { got, said, until };
}

describe('the live socket', () => {
  let world: World;
  let second: RunningGateway;
  const opened: WebSocket[] = [];
  const standings = new Map<string, { joinId: string; roomId: string; can: readonly Permission[] }>();
  let refuse: DomainError | undefined;
  /** Admissions whose people are not in the meeting now. */
  const waiting = new Set<string>();
  let asked: (rooms.ListRoomEventsRequest & { principal: string })[];
  let marta: Inside;
  let emil: Inside;

  beforeAll(async () => {
    world = await openWorld();
    answer();
    await world.services.settled();
    const port = String(await freePort());
    second = await bootGateway({ config: { ...world.config, PORT: Number(port) } });
  }, 60_000);
  beforeEach(() => {
    refuse = undefined;
    asked = [];
    standings.clear();
    waiting.clear();
    marta = inside();
    emil = inside();
  });
  afterEach(async () => {
    for (const socket of opened.splice(0)) socket.terminate();
    const counts = () => [world.gateway, second].map(({ app }) => app.get(LiveConnections).count('live'));
    while (counts().some((count) => count > 0)) await new Promise((resolve) => setTimeout(resolve, 10));
  });
  afterAll(async () => {
    await second.close();
    await world.close();
  });

  /** Rooms as it answers about an admission that holds. */
  function answer(): void {
    world.services.on(rooms.RoomEventsService.method.listRoomEvents, (request, { principal }) => {
      asked.push({ ...request, principal });
      const standing = standings.get(principal);
      if (refuse) throw refuse;
      if (!standing || standing.joinId !== request.joinId) throw new DomainError('NOT_PRESENT');
      const { joinId, can } = standing;
      if (waiting.has(joinId)) return { roomId: standing.roomId, joinId, waiting: true };
      return { roomId: standing.roomId, joinId, audiences: [...audiencesInside('participant')], permissions: [...can] };
    });
  }

  function inside(room = roomId): Inside {
    const person = world.person();
    const joinId = person.id.replaceAll('-', '');
    standings.set(person.principal, { joinId, roomId: room, can: permissionsOf('participant') });
    return { ...person, joinId, sender: liveSender(joinId) };
  }
  const open = (person: Inside) => world.socket(`${path}?join=${person.joinId}`, { as: person });
  /** The same at the second gateway. */
  const openFar = (person: Inside) =>
    new WebSocket(`ws://127.0.0.1:${second.port}${path}?join=${person.joinId}`, {
      headers: { cookie: `__Host-sid=${person.cookie}`, origin: world.origin },
    });
  /** What rooms has answered so far has reached the gateway, and it has drawn its conclusion. */
  async function concluded(): Promise<void> {
    await world.services.settled();
    // Both connections keep their order: the pong of the second comes after every answer that was sent on the first.
    await world.gateway.app.get(Bus).ping();
    await new Promise((resolve) => setImmediate(resolve));
  }
  /** Open, proven, and known to the bus: its own ping comes back only then. */
  async function enter(person: Inside, socket = open(person)) {
    opened.push(socket);
    const ears = listen(socket);
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(liveFrame(control, controlOps.ping));
    expect(await ears.until(1)).toEqual([[0, control, controlOps.pong]]);
    ears.got.length = 0;
    return { socket, ...ears };
  }

  it('passes a frame to everybody else in the room, with its sender in front, and to nobody in another room', async () => {
    const [one, two] = [await enter(marta), await enter(emil)];
    const third = await enter(inside());
    const stranger = await enter(inside(otherRoomId));
    one.socket.send(typing);
    two.socket.send(liveFrame(awareness, ask));
    expect(await two.until(1)).toEqual([[marta.sender, awareness, state, 1]]);
    expect(await third.until(2)).toEqual([
      [marta.sender, awareness, state, 1],
      [emil.sender, awareness, ask],
    ]);
    expect(await one.until(1)).toEqual([[emil.sender, awareness, ask]]);
    expect(stranger.got).toEqual([]);
  });

  it('reaches people at another gateway, each frame once', async () => {
    const near = await enter(marta);
    const far = await enter(emil, openFar(emil));
    for (const bit of [1, 0, 1]) near.socket.send(liveFrame(awareness, state, [bit]));
    far.socket.send(typing);
    expect(await far.until(3)).toEqual([1, 0, 1].map((bit) => [marta.sender, awareness, state, bit]));
    expect(await near.until(1)).toEqual([[emil.sender, awareness, state, 1]]);
    far.socket.close();
    expect((await near.until(2)).at(-1)).toEqual([emil.sender, awareness, gone]);
  });

  it('publishes nothing while no other gateway has the room, everything from the moment that one has it, and stops when it leaves', async () => {
    await second.app.get(Bus).ping(); // what it heard in the spec before is known to be over
    const near = await enter(marta);
    const witness = await enter(inside());
    const before = await published();
    near.socket.send(typing);
    await witness.until(1);
    expect(await published()).toBe(before);

    const far = await enter(emil, openFar(emil));
    near.socket.send(typing);
    far.socket.send(typing);
    expect(await far.until(1)).toEqual([[marta.sender, awareness, state, 1]]);
    expect(await near.until(1)).toEqual([[emil.sender, awareness, state, 1]]);
    expect(await published()).toBe(before + 1);

    const end = ended(far.socket);
    far.socket.close();
    await end;
    await near.until(2);
    await second.app.get(Bus).ping();
    await world.gateway.app.get(LiveRooms).askAll();
    near.socket.send(typing);
    await witness.until(4);
    expect(await published()).toBe(before + 1);
  });

  it('publishes to a gateway of the release before, which only listens, and tells browsers nothing of it', async () => {
    const near = await enter(marta);
    const old = await Bus.connect({
      url: world.config.NATS_URL,
      seed: world.config.NATS_NKEY_SEED,
      service: 'gateway',
      echo: false,
    });
    try {
      const before = await published();
      const heard: number[][] = [];
      const frame = new Promise<void>((resolve) => {
        old.subscribe(broadcasts.live(roomId), (data) => {
          heard.push([...data]);
          if (data[4] === awareness) resolve();
        });
      });
      await old.ping();
      await world.gateway.app.get(LiveRooms).askAll();
      near.socket.send(typing);
      await frame;
      const sender = Buffer.alloc(4);
      sender.writeUInt32BE(marta.sender);
      expect(heard[0]).toEqual([0, 0, 0, 0, control, gatewayOps.here]);
      expect(heard.at(-1)).toEqual([...sender, ...typing]);
      expect(await published()).toBe(before + 1);
      old.publish(broadcasts.live(roomId), Buffer.from([0, 0, 0, 0, control, gatewayOps.here]));
      old.publish(broadcasts.live(roomId), Buffer.from([0, 0, 0, 1, ...typing]));
      expect(await near.until(1)).toEqual([[1, awareness, state, 1]]);
    } finally {
      await old.close();
    }
  });

  it('keeps what comes before the door has decided, in order', async () => {
    const two = await enter(emil);
    const socket = open(marta);
    opened.push(socket);
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(typing);
    socket.send(liveFrame(awareness, ask));
    expect(await two.until(2)).toEqual([
      [marta.sender, awareness, state, 1],
      [marta.sender, awareness, ask],
    ]);
  });

  it.each([
    ['text', 'hello', 4400],
    ['nothing', Buffer.alloc(0), 4400],
    ['a channel alone', Buffer.from([awareness]), 4400],
    ['a channel of nobody', Buffer.from([9, 1, 1]), 4400],
    ['ink, which nobody speaks yet', Buffer.from([1, 1, 1]), 4400],
    ['what gateways say to each other', liveFrame(control, gatewayOps.here), 4400],
    ['a farewell in another name', Buffer.from([awareness, gone]), 4400],
    ['a body that is too long for it', liveFrame(awareness, state, Array<number>(65).fill(1)), 1008],
    ['a body where none belongs', liveFrame(awareness, ask, [1]), 1008],
    ['more than 64 KiB', Buffer.alloc(65 * 1024, awareness), 1009],
  ])('closes on %s, and passes none of it on', async (_name, frame, code) => {
    const [one, two] = [await enter(marta), await enter(emil)];
    const end = ended(one.socket);
    one.socket.send(frame);
    expect(await end).toMatchObject({ code });
    expect(await two.until(1)).toEqual([[marta.sender, awareness, gone]]);
  });

  it('takes a body at its bound', async () => {
    const [one, two] = [await enter(marta), await enter(emil)];
    one.socket.send(liveFrame(awareness, state, Array<number>(64).fill(7)));
    expect((await two.until(1))[0]).toHaveLength(3 + 64);
  });

  it('drops frames over the rate of a channel and counts them, and closes on a flood', async () => {
    const [one, two] = [await enter(marta), await enter(emil)];
    for (let i = 0; i < 120; i++) one.socket.send(liveFrame(awareness, state, [i]));
    const heard = await two.until(80);
    expect(heard.slice(0, 80).map((frame) => frame[3])).toEqual(Array.from({ length: 80 }, (_, i) => i));
    expect(await dropped('too many')).toBeGreaterThan(0);
    const end = ended(one.socket);
    for (let i = 0; i < 600; i++) one.socket.send(typing);
    expect(await end).toMatchObject({ code: 1008 });
  });

  it('drops and counts what its person may not send, from the moment that rooms says so', async () => {
    const [one, two] = [await enter(marta), await enter(emil)];
    standings.set(marta.principal, { joinId: marta.joinId, roomId, can: ['chat.read'] });
    const event = create(rooms.RoomEventSchema, {
      seq: 1n,
      at: now(),
      roomId,
      personId: marta.id,
      event: { case: 'participantPermissions', value: { joinId: marta.joinId } },
    });
    const proofs = asked.length;
    world.services.publish('rooms', broadcasts.room(roomId), toBinary(rooms.RoomEventSchema, event));
    while (asked.length === proofs) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(asked.at(-1)).toMatchObject({ principal: marta.principal, joinId: marta.joinId });
    await concluded();
    const before = await dropped('not permitted');
    one.socket.send(typing);
    one.socket.send(liveFrame(awareness, ask));
    expect(await two.until(1)).toEqual([[marta.sender, awareness, ask]]);
    expect(await dropped('not permitted')).toBe(before + 1);
  });

  it.each([
    ['no admission named', () => path, 4400],
    ['no join id', () => `${path}?join=../../x`, 4400],
    ["somebody else's admission", (person: Inside) => `${path}?join=${person.joinId}`, 4403],
  ])('closes with a code on %s', async (_name, where, code) => {
    expect(await ended(world.socket(where(emil), { as: marta }))).toMatchObject({ code });
  });

  it('closes with 4401 without a session, 4403 without an admission, 1013 while rooms does not answer', async () => {
    expect(await ended(world.socket(`${path}?join=${marta.joinId}`))).toMatchObject({ code: 4401 });
    refuse = new DomainError('NOT_PRESENT');
    expect(await ended(open(marta))).toMatchObject({ code: 4403 });
    refuse = new DomainError('UNAVAILABLE');
    expect(await ended(open(marta))).toMatchObject({ code: 1013 });
  });

  it('is open and mute while its person is on the way in, and speaks once they are there', async () => {
    const one = await enter(emil);
    waiting.add(marta.joinId);
    const socket = open(marta);
    opened.push(socket);
    const ears = listen(socket);
    await new Promise((resolve) => socket.once('open', resolve));
    while (asked.every(({ joinId }) => joinId !== marta.joinId))
      await new Promise((resolve) => setTimeout(resolve, 10));
    one.socket.send(typing);
    socket.send(typing);
    const looks = () => asked.filter(({ joinId }) => joinId === marta.joinId).length;
    const before = looks();
    while (looks() === before) await new Promise((resolve) => setTimeout(resolve, 10));
    expect([ears.got, one.got]).toEqual([[], []]);
    waiting.clear();
    const again = looks();
    while (looks() === again) await new Promise((resolve) => setTimeout(resolve, 10));
    await concluded();
    socket.send(liveFrame(control, controlOps.ping));
    expect(await ears.until(1)).toEqual([[0, control, controlOps.pong]]);
    one.socket.send(typing);
    expect((await ears.until(2))[1]?.slice(0, 2)).toEqual([emil.sender, awareness]);
  });

  it('refuses a page that is not ours, and other spellings of the path', async () => {
    const query = `?join=${marta.joinId}`;
    const foreign = world.socket(path + query, { as: marta, origin: 'https://evil.example' });
    expect(await ended(foreign)).toEqual({ status: 403 });
    for (const spelling of [
      `${path}/`,
      '/api/v1/rooms//live',
      '/api/v1/rooms/SOME-ROOM/live',
      '/api/v1/rooms/{slug}/live',
      '/api/v1/rooms/%2e%2e/live',
    ])
      expect(await ended(world.socket(spelling + query, { as: marta }))).toEqual({ status: 404 });
  });

  it.each([
    ['a kick', () => world.presenceRevoked({ roomId, joinIds: [marta.joinId], reason: 2 }), 4403, 'removed'],
    ['the end of the meeting', () => world.presenceRevoked({ roomId, reason: 3 }), 4403, 'meeting_ended'],
    [
      'sign-out',
      () => world.sessionRevoked({ userId: marta.id, sessionIds: [marta.sessionId] }),
      4401,
      'session_ended',
    ],
  ])(
    'is cut by %s at once: it says how the stay ended, nothing is heard or said after it, and the others hear of it',
    async (_name, revoke, code, reason) => {
      const [one, two] = [await enter(marta), await enter(emil)];
      const end = ended(one.socket);
      const other = ended(two.socket);
      revoke();
      expect(await end).toMatchObject({ code });
      expect(one.said).toEqual([{ type: 'stay.ended', at: expect.any(String), data: { reason } }]);
      one.socket.send(typing);
      if (_name === 'the end of the meeting') return void expect(await other).toMatchObject({ code });
      two.socket.send(typing);
      expect(await two.until(1)).toEqual([[marta.sender, awareness, gone]]);
      expect(one.got).toEqual([]);
    },
  );

  it('does not open when a revocation overtakes the answer of rooms', async () => {
    world.services.on(rooms.RoomEventsService.method.listRoomEvents, ({ joinId }) => {
      world.presenceRevoked({ roomId, joinIds: [joinId ?? ''] });
      return new Promise((resolve) =>
        setTimeout(
          () => resolve({ roomId, joinId: joinId ?? '', permissions: [...permissionsOf('participant')] }),
          200,
        ),
      );
    });
    try {
      expect(await ended(open(marta))).toMatchObject({ code: 4403 });
    } finally {
      answer();
    }
  });

  it('is one for each admission: a second one takes the place of the first without a farewell', async () => {
    const two = await enter(emil);
    const first = await enter(marta);
    const end = ended(first.socket);
    const again = await enter(marta);
    expect(await end).toMatchObject({ code: 4409 });
    again.socket.send(typing);
    expect(await two.until(1)).toEqual([[marta.sender, awareness, state, 1]]);
  });

  it('takes frames from gateways only: what another service publishes is not heard', async () => {
    const [one, two] = [await enter(marta), await enter(emil)];
    const forged = Buffer.from([0, 0, 0, 1, ...typing]);
    for (const service of ['rooms', 'auth', 'files'] as const)
      world.services.publish(service, broadcasts.live(roomId), forged);
    await world.services.settled();
    one.socket.send(typing);
    expect(await two.until(1)).toEqual([[marta.sender, awareness, state, 1]]);
  });

  it('lets a slow reader lose frames, never their order', async () => {
    const two = await enter(emil);
    const before = await dropped('slow reader');
    const live = world.gateway.app.get(LiveRooms);
    const frame = (n: number) => {
      const large = Buffer.alloc(32 * 1024, 7);
      large.writeUInt32BE(marta.sender, 0);
      large.writeUInt32BE(n, 6);
      return large;
    };
    two.socket.pause();
    let sent = 0;
    // The machine's own buffers take some first; how much is its own affair.
    while ((await dropped('slow reader')) === before && sent < 4_000) {
      for (let i = 0; i < 20; i++) live.send(roomId, frame(sent++));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await dropped('slow reader')).toBeGreaterThan(before);
    const heard: number[] = [];
    const last = new Promise<void>((resolve) =>
      two.socket.on('message', (data: Buffer) => {
        const n = data.readUInt32BE(6);
        if (n === 0xffff_ffff) return resolve();
        heard.push(n);
      }),
    );
    two.socket.resume();
    const end = setInterval(() => live.send(roomId, frame(0xffff_ffff)), 20);
    await last;
    clearInterval(end);
    expect(heard.length).toBeLessThan(sent);
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
    expect(new Set(heard).size).toBe(heard.length);
  });

  /** How many frames were not passed on for a reason. */
  const dropped = (reason: string) => counted(`gateway_live_frames_dropped_total{reason="${reason}"}`);
  /** How many frames went out for other gateways. */
  const published = () => counted('gateway_live_frames_published_total');

  async function counted(metric: string): Promise<number> {
    const text = await world.gateway.app.get(Metrics).text();
    const line = text.split('\n').find((one) => one.startsWith(metric));
    return Number(line?.split(' ').at(-1) ?? 0);
  }
});

import { request as httpRequest } from 'node:http';
import { broadcasts, create, rooms, toBinary, type EventInit } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { LiveConnections, mostPerPerson } from '../src/live/live-connections.js';
import { hostsWordTiming, type HostsWordTiming } from '../src/realtime/waiting/hosts-word.js';
import { now, openWorld, type Answer, type Person, type World } from './support/world.js';

const roomId = '01939000-0000-7000-8000-000000000001';
const path = '/api/v1/rooms/some-room/entry/word';
const { WAITING, ADMITTED, DENIED } = rooms.EntryRequestState;

describe('the word of a host', () => {
  let world: World;
  let marta: Person;
  /** What became of the request, by how often it was asked for. */
  let stateAt: (question: number) => rooms.EntryRequestState;
  let said: string;
  let asked: number;

  beforeAll(async () => {
    world = await openWorld();
    world.services.on(rooms.LobbyService.method.getOwnRequest, (_request, { principal }) => {
      if (principal !== marta.principal) throw new DomainError('NOT_FOUND');
      const state = stateAt(++asked);
      return { state, roomId: said, ...(state === WAITING && { expiresAt: now() }) };
    });
    await world.services.settled();
  }, 60_000);
  beforeEach(() => {
    marta = world.person();
    [stateAt, said, asked] = [() => WAITING, roomId, 0];
  });
  afterEach(async () => {
    while (held() > 0) await tick();
  });
  afterAll(() => world.close());

  const tick = () => new Promise((resolve) => setTimeout(resolve, 5));
  const held = () => world.gateway.app.get(LiveConnections).count('waiting');
  /** Asked, listening, and asked again: from now on nothing is missed. */
  const listening = async (questions = 1) => {
    while (asked < questions * 2) await tick();
  };
  const tell = (happened: EventInit<rooms.RoomEvent>) =>
    world.services.publish(
      'rooms',
      broadcasts.room(roomId),
      toBinary(rooms.RoomEventSchema, create(rooms.RoomEventSchema, { seq: 7n, at: now(), roomId, event: happened })),
    );
  const wait = (as = marta): Promise<Answer> => world.ask('GET', path, { as });

  it('is heard when it is said, and holds nothing of the room but the own request', async () => {
    const answer = wait();
    await listening();
    stateAt = () => ADMITTED;
    tell({ case: 'doorChanged', value: {} });
    const { status, json } = await answer;
    expect([status, json]).toEqual([200, { state: 'admitted', expiresAt: null }]);
  });

  it('is not woken by what others do inside, and goes on waiting where the word was for somebody else', async () => {
    const answer = wait();
    await listening();
    tell({ case: 'messageCreated', value: { messageId: 'm', authorId: 'a' } });
    tell({ case: 'participantJoined', value: { joinId: 'j', userId: 'u', displayName: 'Tom' } });
    tell({ case: 'doorChanged', value: {} });
    while (asked < 3) await tick();
    expect([asked, held()]).toEqual([3, 1]);
    stateAt = () => DENIED;
    tell({ case: 'doorChanged', value: {} });
    expect((await answer).json).toMatchObject({ state: 'denied' });
    expect(asked).toBe(4);
  });

  it('that was said while the question was on its way is not waited for', async () => {
    stateAt = (question) => (question === 1 ? WAITING : ADMITTED);
    expect((await wait()).json).toMatchObject({ state: 'admitted' });
    expect(asked).toBe(2);
  });

  it('is not waited for forever: the question is answered as things are, and asked again', async () => {
    const timing = world.gateway.app.get<HostsWordTiming>(hostsWordTiming);
    const before = { ...timing };
    Object.assign(timing, { holdMs: 30 });
    expect((await wait()).json).toMatchObject({ state: 'waiting' });
    Object.assign(timing, before);
  });

  it('is waited for by nobody who has not asked, nor by a stranger', async () => {
    expect((await wait(world.person())).status).toBe(404);
    expect((await world.ask('GET', path)).status).toBe(401);
    expect(held()).toBe(0);
  });

  it('is not waited for after a sign-out', async () => {
    const answer = wait();
    await listening();
    world.signOut(marta);
    world.sessionRevoked({ userId: marta.id, sessionIds: [marta.sessionId] });
    expect(await answer).toMatchObject({ status: 401, json: { reason: 'UNAUTHENTICATED' } });
    expect(held()).toBe(0);
  });

  it('is not waited for at a gateway that goes away: the answer is as things are', async () => {
    const answer = wait();
    await listening();
    for (const place of world.gateway.app.get(LiveConnections).all()) place.cut('restarting');
    expect(await answer).toMatchObject({ status: 200, json: { state: 'waiting' } });
  });

  it('is waited for in so many tabs and no more; whoever closes one gives its place back', async () => {
    const port = Number(new URL(world.origin).port);
    const headers = { origin: world.origin, 'x-conclave': '1', cookie: `__Host-sid=${marta.cookie}` };
    const tabs = Array.from({ length: mostPerPerson.waiting }, () => {
      const tab = httpRequest({ host: '127.0.0.1', port, path, headers, agent: false });
      tab.on('error', () => undefined).end();
      return tab;
    });
    await listening(tabs.length);
    expect((await wait()).status).toBe(429);
    for (const tab of tabs) tab.destroy();
    while (held() > 0) await tick();
    const answer = wait();
    await listening(tabs.length + 1);
    stateAt = () => ADMITTED;
    tell({ case: 'doorChanged', value: {} });
    expect((await answer).status).toBe(200);
  });

  it('is answered at once where rooms does not say where to listen, as the release before does not', async () => {
    said = '';
    expect((await wait()).json).toEqual({ state: 'waiting', expiresAt: '2026-11-23T02:00:00.000Z' });
    expect(asked).toBe(1);
  });
});

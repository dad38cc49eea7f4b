import { request as httpRequest, type ClientRequest } from 'node:http';
import { files, rooms } from '@conclave/contracts';
import type WebSocket from 'ws';
import { LiveConnections, mostPerPerson, type LiveKind } from '../src/live/live-connections.js';
import { openWorld, type Person, type World } from './support/world.js';

const slug = 'lusab-babad-gutih-tugad';
const roomId = '01939000-0000-7000-8000-000000000001';
const fileId = '01939000-0000-7000-8000-0000000000f1';
const joinId = 'a'.repeat(32);

/** Everything that many ask for at once waits here, where a limit that was counted before and taken after would let all pass. */
class Gate {
  private open: () => void = () => undefined;
  readonly passed = new Promise<void>((resolve) => (this.open = resolve));
  lift(): void {
    this.open();
  }
}

describe('places of one person', () => {
  let world: World;
  let gate: Gate;
  const sockets: WebSocket[] = [];
  const requests: ClientRequest[] = [];

  beforeAll(async () => {
    world = await openWorld();
    const { services } = world;
    const behindGate =
      <T>(answer: T) =>
      async () => {
        await gate.passed;
        return answer;
      };
    services.on(rooms.RoomEventsService.method.listRoomEvents, () => behindGate({ roomId, joinId })());
    services.on(rooms.EntryService.method.authorizeMedia, () => behindGate({ roomId, joinId })());
    services.on(files.FilesService.method.startUpload, () => behindGate({ fileId, hopToken: 'hop' })());
    services.on(files.FilesService.method.openContent, () => behindGate({ file: { id: fileId }, hopToken: 'hop' })());
    // The other side takes what comes and never ends: what got through stays open.
    world.plane.handle = (message, response) => {
      message.resume();
      if (message.method === 'GET') response.writeHead(200, { 'content-length': '10' }).write('1');
    };
    await services.settled();
  }, 60_000);
  beforeEach(() => (gate = new Gate()));
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    for (const request of requests.splice(0)) request.destroy();
    const { app } = world.gateway;
    while (app.get(LiveConnections).all().length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  });
  afterAll(() => world.close());

  const held = (kind: LiveKind, person: Person) => world.gateway.app.get(LiveConnections).count(kind, person.id);

  /** Resolves with whether it was turned away before the gate was lifted. */
  function socket(person: Person, path: string): Promise<boolean> {
    const opened = world.socket(path, { as: person });
    sockets.push(opened);
    return new Promise((resolve) => {
      opened.on('close', () => resolve(true));
      opened.on('unexpected-response', () => resolve(true));
      void gate.passed.then(() => resolve(false));
    });
  }

  function ask(person: Person, method: 'GET' | 'POST'): Promise<boolean> {
    const at = `/api/v1/rooms/${slug}/files${method === 'GET' ? `/${fileId}/content` : ''}`;
    const headers = {
      ...{ origin: world.origin, 'x-conclave': '1', cookie: `__Host-sid=${person.cookie}` },
      ...(method === 'POST' && { 'x-file-name': "UTF-8''a", 'content-length': '1000' }),
    };
    return new Promise((resolve) => {
      const port = Number(new URL(world.origin).port);
      const request = httpRequest({ host: '127.0.0.1', port, method, path: at, headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode === 429);
      });
      requests.push(request);
      request.on('error', () => resolve(false));
      void gate.passed.then(() => resolve(false));
      if (method === 'POST') request.write('1');
      else request.end();
    });
  }

  const kinds: [LiveKind, number, (person: Person) => Promise<boolean>][] = [
    ['events', 80, (person) => socket(person, `/api/v1/events?room=${slug}`)],
    ['live', 80, (person) => socket(person, `/api/v1/rooms/${slug}/live?join=${joinId}`)],
    ['media', 60, (person) => socket(person, '/rtc?access_token=aaa.bbb.ccc')],
    ['upload', 60, (person) => ask(person, 'POST')],
    ['download', 60, (person) => ask(person, 'GET')],
  ];

  it.each(kinds)('of the kind %s hold also when %i come at once', async (kind, tries, attempt) => {
    const marta = world.person();
    let refused = 0;
    const outcomes = Array.from({ length: tries }, async () => {
      const turnedAway = await attempt(marta);
      if (turnedAway) refused += 1;
      return turnedAway;
    });
    while (refused < tries - mostPerPerson[kind]) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(held(kind, marta)).toBe(mostPerPerson[kind]);
    gate.lift();
    const passed = (await Promise.all(outcomes)).filter((turnedAway) => !turnedAway).length;
    process.stdout.write(`attack: ${kind} at once: ${tries} tries, ${passed - mostPerPerson[kind]} over the limit\n`);
    expect(passed).toBe(mostPerPerson[kind]);
  });

  it.each(kinds)(
    'of the kind %s are given back when the client goes while it is still asked about',
    async (kind, _, attempt) => {
      const marta = world.person();
      const began = Array.from({ length: mostPerPerson[kind] }, () => attempt(marta));
      while (held(kind, marta) < mostPerPerson[kind]) await new Promise((resolve) => setTimeout(resolve, 10));
      for (const opened of sockets) opened.terminate();
      for (const request of requests) request.destroy();
      gate.lift();
      await Promise.all(began);
      while (held(kind, marta) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(held(kind, marta)).toBe(0);
    },
  );
});

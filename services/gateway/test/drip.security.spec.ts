import { connect, type Socket } from 'node:net';
import { auth } from '@conclave/contracts';
import { connectionLimits } from '../src/connections/connections.js';
import { now, openWorld, type World } from './support/world.js';

/** Short, so that nobody waits; the figures of the product are in body-clock.ts. */
const pace = { bytes: 1024, ms: 400, wholeMs: () => 1_500 };
const many = 300;

describe('connections that drip', () => {
  let world: World;
  const open: { socket: Socket; timer: NodeJS.Timeout }[] = [];
  beforeAll(async () => {
    world = await openWorld({ RATE_LIMIT_SCALE: '1', TRUSTED_PROXIES: '127.0.0.2' }, [], { pace, headersMs: 1_500 });
    world.services.on(auth.AccountsService.method.getAccount, () => ({
      account: { id: '01939000-0000-7000-8000-0000000000a1', email: 'a@b.cc', displayName: 'A', createdAt: now() },
    }));
    await world.services.settled();
  }, 60_000);
  afterEach(() => {
    for (const { socket, timer } of open.splice(0)) {
      clearInterval(timer);
      socket.destroy();
    }
    world.logLines.length = 0;
  });
  afterAll(() => world.close());

  /** Says a head and then a byte now and then; resolves when the other side ends it. */
  function drip(head: string[], localAddress = '127.0.0.1'): Promise<void> {
    const socket = connect({ port: Number(new URL(world.origin).port), host: '127.0.0.1', localAddress });
    const timer = setInterval(() => socket.write('x'), 100);
    open.push({ socket, timer });
    socket.on('error', () => undefined);
    socket.write(head.join('\r\n'));
    socket.resume();
    return new Promise((resolve) =>
      socket.once('close', () => {
        clearInterval(timer);
        resolve();
      }),
    );
  }
  const headers = (...more: string[]) => [`host: localhost`, `origin: ${world.origin}`, 'x-conclave: 1', ...more];
  const heads: [string, () => string[]][] = [
    [
      'JSON that a route reads',
      () => [
        'POST /api/v1/session HTTP/1.1',
        ...headers('content-type: application/json', 'content-length: 60000'),
        '',
        '{"',
      ],
    ],
    [
      'a report that a route reads itself',
      () => [
        'POST /api/v1/csp-reports HTTP/1.1',
        ...headers('content-type: application/reports+json', 'content-length: 9000'),
        '',
        '[',
      ],
    ],
    [
      'a body that is refused before it is read',
      () => [
        'POST /api/v1/rooms/lusab-babad-gutih-tugad/files HTTP/1.1',
        ...headers('content-length: 900000000'),
        '',
        'x',
      ],
    ],
    ['a body that no route takes', () => ['POST /nowhere HTTP/1.1', ...headers('transfer-encoding: chunked'), '', '']],
    ['a body of a GET', () => ['GET /api/v1/openapi.json HTTP/1.1', ...headers('content-length: 100'), '', 'x']],
    ['headers', () => ['GET / HTTP/1.1', 'x-slow: ']],
  ];
  const person = () => world.person();

  it.each(heads)(
    'are ended, with %s, and leave no line of an error',
    async (name, head) => {
      const marta = person();
      expect((await world.ask('GET', '/api/v1/me', { as: marta })).status).toBe(200);
      const ends = Array.from({ length: many }, () => drip(head()));
      const served: number[] = [];
      let left = ends.length;
      for (const end of ends) void end.then(() => (left -= 1));
      // Served while they drip, from the same address and each time through a connection of its own.
      while (left > 0) {
        served.push((await world.ask('GET', '/api/v1/me', { as: marta })).status);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const refused = served.filter((status) => status !== 200).length;
      process.stdout.write(
        `attack: ${many} connections drip ${name}: ${served.length} tries to be served, ${refused} refused\n`,
      );
      expect(refused).toBe(0);
      expect(world.logLines.filter((line) => /"level":"(error|warn)"/.test(line))).toEqual([]);
    },
    60_000,
  );

  it('are no more than one address may hold without a session, however many come', async () => {
    let ended = 0;
    for (let at = 0; at < many; at++) void drip(['GET / HTTP/1.1', 'x-slow: ']).then(() => (ended += 1));
    while (ended < many - connectionLimits.anonymousPerAddress) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(ended).toBeLessThanOrEqual(many);
  });

  it('are counted by the address behind our own proxy, and by nobody else’s', async () => {
    const from = (address: string) =>
      headers(`x-forwarded-for: ${address}`, 'content-type: application/json', 'content-length: 9000');
    let others = 0;
    const ends = Array.from({ length: many }, () =>
      drip(['POST /api/v1/session HTTP/1.1', ...from('198.51.100.7'), '', '{'], '127.0.0.2'),
    );
    const honest = drip(['POST /api/v1/session HTTP/1.1', ...from('203.0.113.9'), '', '{'], '127.0.0.2').then(
      () => (others += 1),
    );
    let crowd = 0;
    for (const end of ends) void end.then(() => (crowd += 1));
    while (crowd < many - connectionLimits.anonymousPerAddress) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(others).toBe(0);
    await Promise.all([...ends, honest]);
  });
});

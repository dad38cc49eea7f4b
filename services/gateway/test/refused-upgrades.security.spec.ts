import { connect } from 'node:net';
import { openWorld, type World } from './support/world.js';

describe('an answer that Fastify does not give', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  }, 60_000);
  afterAll(() => world.close());

  /** The head of the answer to bytes as they are, by name. */
  function answerTo(lines: string[]): Promise<Record<string, string>> {
    const socket = connect(Number(new URL(world.origin).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write([...lines, '', ''].join('\r\n'));
    let text = '';
    socket.on('data', (data) => (text += data.toString()));
    return new Promise((resolve) =>
      socket.on('close', () => {
        const [status = '', ...rest] = text.split('\r\n\r\n')[0]?.split('\r\n') ?? [];
        resolve({
          status: status.split(' ')[1] ?? '',
          ...Object.fromEntries(rest.map((line) => line.split(': ') as [string, string])),
        });
      }),
    );
  }
  const upgrade = (path: string, changes: Record<string, string | undefined> = {}): string[] => {
    const headers = {
      host: 'localhost',
      origin: world.origin,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-version': '13',
      ...changes,
    };
    const lines = Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}: ${value}`],
    );
    return [`GET ${path} HTTP/1.1`, ...lines];
  };

  it.each([
    [
      'a foreign page',
      403,
      () => upgrade('/api/v1/events?room=lusab-babad-gutih-tugad', { origin: 'https://evil.example' }),
    ],
    ['a path that is none', 404, () => upgrade('/elsewhere')],
    ['media without a session', 401, () => upgrade('/rtc?access_token=a.b.c')],
    ['no key', 400, () => upgrade('/api/v1/events', { 'sec-websocket-key': undefined })],
    ['a key that is none', 400, () => upgrade('/api/v1/events', { 'sec-websocket-key': 'short' })],
    ['an old version', 400, () => upgrade('/api/v1/events', { 'sec-websocket-version': '8' })],
    ['a subprotocol', 400, () => upgrade('/api/v1/events', { 'sec-websocket-protocol': 'a, a' })],
    ['what is not HTTP', 400, () => ['hello']],
    ['headers without end', 431, () => ['GET / HTTP/1.1', `x: ${'x'.repeat(20_000)}`]],
  ])('has the headers of every other one: %s', async (_name, status, lines) => {
    const usual = await world.ask('GET', '/api/v1/nowhere');
    const answer = await answerTo(lines());
    expect(answer).toMatchObject({ status: String(status), 'x-correlation-id': expect.any(String) });
    const own = new Set([
      'date',
      'connection',
      'content-length',
      'x-correlation-id',
      'keep-alive',
      'vary',
      'traceresponse',
    ]);
    for (const [name, value] of Object.entries(usual.headers))
      if (!own.has(name)) expect([name, answer[name]]).toEqual([name, value]);
  });
});

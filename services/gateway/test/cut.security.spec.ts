import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { files, rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { LiveConnections } from '../src/live/live-connections.js';
import { now, openWorld, storedFile, type Person, type World } from './support/world.js';

const fileId = '01939000-0000-7000-8000-0000000000f1';
const roomId = '01939000-0000-7000-8000-000000000001';
const joinId = 'ab'.repeat(16);
const path = '/api/v1/rooms/some-room/files';
/** As much as the kernels on both sides take although nobody reads, and the side of the client alone does not. */
const small = 2 * 1024 * 1024;
/** More than they take. */
const large = 16 * 1024 * 1024;

/** A client by hand: reads only when it is told to, and knows how its connection ended. */
class Reader {
  bytes = 0;
  private readonly socket: Socket;
  readonly ended: Promise<string>;

  constructor(world: World, method: string, where: string, headers: Record<string, string>, body?: Buffer) {
    const { port, host } = new URL(world.origin);
    this.socket = connect(Number(port), '127.0.0.1');
    const lines = Object.entries({ host, origin: world.origin, 'x-conclave': '1', ...headers });
    this.socket.write(
      `${method} ${where} HTTP/1.1\r\n${lines.map(([key, value]) => `${key}: ${value}\r\n`).join('')}\r\n`,
    );
    if (body) this.socket.write(body);
    this.ended = new Promise((resolve) => {
      this.socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      this.socket.once('end', () => resolve('end'));
    });
  }

  /** The first bytes are there; from then on it stands still until it is told to read. */
  async first(): Promise<void> {
    await new Promise<void>((resolve) => this.socket.once('readable', resolve));
  }

  read(): this {
    this.socket.on('data', (data: Buffer) => (this.bytes += data.length));
    return this;
  }

  /** Reads until so many bytes are there, or fails with the end that came before. */
  async all(bytes: number): Promise<void> {
    const whole = new Promise<string>((resolve) => {
      this.read().socket.on('data', () => this.bytes >= bytes && resolve('whole'));
    });
    expect(await Promise.race([this.ended, whole])).toBe('whole');
  }

  close(): void {
    this.socket.destroy();
  }
}

const cookieOf = (person: Person) => ({ cookie: `__Host-sid=${person.cookie}` });
const bearerOf = (person: Person) => ({ authorization: `Bearer ${person.personalToken}` });

describe('what runs on a place that is lost', () => {
  let world: World;
  let person: Person;
  let size: number;
  let keep: () => Promise<object> | object;
  let kept: number;
  const readers: Reader[] = [];

  beforeAll(async () => {
    world = await openWorld();
    const { startUpload, openContent } = files.FilesService.method;
    world.services.on(startUpload, () => ({ fileId, hopToken: 'hop-in', roomId, joinId }));
    world.services.on(openContent, () => ({
      file: { id: fileId, name: 'a', size: BigInt(size), sha256: 'ab'.repeat(32), createdAt: now() },
      hopToken: 'hop-out',
      roomId,
      joinId,
    }));
    world.services.on(rooms.PresenceService.method.keepPresence, async () => ((kept += 1), await keep()));
    await world.services.settled();
  }, 60_000);
  afterAll(() => world.close());

  beforeEach(() => {
    person = world.person();
    kept = 0;
    keep = () => ({ joinId });
    world.plane.handle = (_request, response) => {
      response.writeHead(200, { 'content-length': size });
      response.end(Buffer.alloc(size, 1));
    };
  });
  afterEach(() => {
    for (const reader of readers.splice(0)) reader.close();
  });

  function download(bytes: number, headers = cookieOf(person) as Record<string, string>): Reader {
    size = bytes;
    const reader = new Reader(world, 'GET', `${path}/${fileId}/content`, headers);
    readers.push(reader);
    return reader;
  }

  /** Nothing runs any more; what is read from here on is what had left before. */
  async function cut(): Promise<void> {
    const live = world.gateway.app.get(LiveConnections);
    while (live.count('download', person.id) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  const kicked = () => world.presenceRevoked({ roomId, joinIds: [joinId], userIds: [person.id] });
  const ways: readonly (readonly [string, () => void])[] = [
    ['a kick or a leave', kicked],
    ['the end of the meeting', () => world.presenceRevoked({ roomId })],
    ['the end of the session', () => world.sessionRevoked({ userId: person.id, sessionIds: [person.sessionId] })],
  ];

  it.each(ways)(
    'a download ends by reset at %s, without files being asked, and what was not read is discarded',
    async (_what, happens) => {
      const reader = download(large);
      await reader.first();
      happens();
      await cut();
      expect(await reader.read().ended).toBe('ECONNRESET');
      expect(reader.bytes).toBeLessThan(small);
    },
  );

  it.each(ways)('so does one whose last byte the kernel has taken already, at %s', async (_what, happens) => {
    const reader = download(small);
    await reader.first();
    happens();
    await cut();
    expect(await reader.read().ended).toBe('ECONNRESET');
  });

  it('a download by a personal token ends when it is rotated, and not with another credential of its person', async () => {
    const reader = download(large, bearerOf(person));
    await reader.first();
    world.sessionRevoked({ userId: person.id, sessionIds: [world.person().credentialId] });
    world.sessionRevoked({ userId: person.id, sessionIds: [person.sessionId] });
    await world.services.settled();
    expect(world.gateway.app.get(LiveConnections).count('download', person.id)).toBe(1);
    world.sessionRevoked({ userId: person.id, sessionIds: [person.credentialId] });
    await cut();
    expect(await reader.read().ended).toBe('ECONNRESET');
  });

  it("nobody else's is touched", async () => {
    const reader = download(large);
    await reader.first();
    world.presenceRevoked({ roomId, joinIds: ['cd'.repeat(16)] });
    world.presenceRevoked({ roomId, userIds: [world.person().id] });
    world.sessionRevoked({ userId: person.id, sessionIds: [world.person().sessionId] });
    await reader.all(large);
  });

  it('an upload is refused, and files loses it by reset', async () => {
    const arrived = new Promise<string>((resolve) => {
      world.plane.handle = (request) => {
        request.resume();
        request.once('data', kicked);
        request.socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
        request.socket.once('end', () => resolve('end'));
        request.on('error', () => undefined);
      };
    });
    const headers = { ...cookieOf(person), 'x-file-name': "UTF-8''a", 'content-length': '1000000' };
    const reader = new Reader(world, 'POST', path, headers, randomBytes(1000));
    readers.push(reader);
    expect(await arrived).toBe('ECONNRESET');
    reader.read();
    await expect(reader.ended).resolves.toBeDefined();
  });

  describe('while nothing is told', () => {
    it('a download ends when rooms says that its person is not there, though files has sent the last byte', async () => {
      const reader = download(small);
      await reader.first();
      keep = () => Promise.reject(new DomainError('NOT_PRESENT'));
      await cut();

      expect(await reader.read().ended).toBe('ECONNRESET');
    });

    it('it ends with its lease when rooms is silent', async () => {
      const reader = download(small);
      await reader.first();
      while (kept === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      keep = () => new Promise(() => undefined);
      await cut();
      expect(await reader.read().ended).toBe('ECONNRESET');
    });
  });

  it('ends with the stream of files, by reset, and never looks whole', async () => {
    world.plane.handle = (request, response) => {
      response.writeHead(200, { 'content-length': large });
      response.write(Buffer.alloc(small, 1));
      setTimeout(() => request.socket.resetAndDestroy(), 100);
    };
    const reader = download(large);
    await reader.first();
    await cut();

    expect(await reader.read().ended).toBe('ECONNRESET');
  });

  it('keeps the answer of an upload that was whole', async () => {
    world.plane.handle = (request, response) =>
      void request.resume().on('end', () => response.writeHead(201).end(storedFile(person)));
    const answer = await world.ask('POST', path, { as: person, raw: 'x', headers: { 'x-file-name': "UTF-8''a" } });
    expect(answer.status).toBe(201);
  });
});

import { request as httpRequest } from 'node:http';
import { rooms, files } from '@conclave/contracts';
import { Shutdown } from '@conclave/platform';
import type { FastifyInstance } from 'fastify';
import { bootGateway } from '../src/boot.js';
import { ended, now, openWorld, storedFile, type World } from './support/world.js';

const fileId = '01939000-0000-7000-8000-0000000000f1';

describe('the life of a gateway', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  }, 60_000);
  afterEach(() => world.close());

  it('does not start without the web app, and says so', async () => {
    const config = { ...world.config, WEB_ROOT: '/nowhere', PORT: 0 };
    await expect(bootGateway({ config })).rejects.toThrow(/WEB_ROOT does not exist/);
  });

  it('takes no route that declares no access', () => {
    const fastify = world.gateway.app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    expect(() => fastify.get('/api/v1/backdoor', async () => 'open')).toThrow();
  });

  it('drains: sockets come back elsewhere, an upload in flight ends, new work is refused', async () => {
    const marta = world.person();
    const roomId = '01939000-0000-7000-8000-000000000001';
    world.services.on(rooms.RoomEventsService.method.listRoomEvents, () => ({
      roomId,
      joinId: 'j',
      lastSeq: 0n,
      events: [],
    }));
    world.services.on(files.FilesService.method.startUpload, () => ({ fileId, hopToken: 'hop' }));
    world.services.on(files.FilesService.method.getFile, () => ({
      file: {
        id: fileId,
        name: 'a',
        size: 20n,
        type: 'text/plain',
        sha256: '',
        status: files.FileStatus.AVAILABLE,
        ownerId: marta.id,
        ownerName: 'M',
        createdAt: now(),
      },
    }));
    await world.services.settled();
    let arrived = 0;
    world.plane.handle = (request, response) => {
      request.on('data', (part: Buffer) => (arrived += part.length));
      request.on('end', () => response.writeHead(201).end(storedFile(marta)));
    };
    const socket = world.socket('/api/v1/events?room=some-room', { as: marta });
    const end = ended(socket);
    await new Promise((resolve) => socket.on('open', resolve));

    const upload = httpRequest({
      host: '127.0.0.1',
      port: world.gateway.port,
      method: 'POST',
      path: '/api/v1/rooms/some-room/files',
      headers: {
        cookie: `__Host-sid=${marta.cookie}`,
        origin: world.origin,
        'x-conclave': '1',
        'content-length': 20,
        'x-file-name': "UTF-8''a",
      },
    });
    const status = new Promise((resolve, reject) => {
      upload.on('response', (response) => resolve(response.statusCode));
      upload.on('error', reject);
    });
    upload.write(Buffer.alloc(10));
    while (arrived < 10) await new Promise((resolve) => setTimeout(resolve, 10));

    // The process must live on for the spec: only the exit is replaced.
    const shutdown = world.gateway.app.get(Shutdown) as unknown as {
      exit: (code: number) => void;
      stop(why: string): Promise<void>;
    };
    const codes: number[] = [];
    shutdown.exit = (code) => void codes.push(code);
    const stopped = shutdown.stop('SIGTERM');
    const { host, port } = world.gateway.internal;
    expect((await fetch(`http://${host}:${port}/readyz`)).status).toBe(503);
    expect(await end).toMatchObject({ code: 1012 });
    expect(
      await ended(world.socket('/api/v1/events?room=some-room', { as: marta })).catch(() => 'refused'),
    ).not.toMatchObject({ code: 1000 });
    upload.end(Buffer.alloc(10));
    expect(await status).toBe(201);
    await stopped;
    expect(codes).toEqual([0]);
  });
});

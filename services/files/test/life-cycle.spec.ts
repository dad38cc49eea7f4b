import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { connect } from 'node:net';
import { services } from '@conclave/contracts';
import { filesProcess } from './support/files-process.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { reasonOf } from './support/data-client.js';

const mebibyte = 1024 * 1024;

describe('the process of files', () => {
  let world: FilesWorld;
  beforeAll(async () => {
    world = await filesWorld();
  }, 120_000);

  it('survives malformed messages on every subject and still answers', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const garbage = [
      Buffer.from([0xff, 0xff, 0xff]),
      Buffer.from([0x0a, 0xff, 0x01]),
      randomBytes(1000),
      Buffer.alloc(300_000, 1),
    ];
    for (const service of services.files)
      for (const method of service.methods)
        for (const bytes of garbage) {
          const reply = await world.rawCall(method, bytes, person.token);
          expect(['INVALID_ARGUMENT', 'PAYLOAD_TOO_LARGE']).toContain(reply);
        }
    expect((await world.as(person).listFiles({ slug: room.slug })).files).toEqual([]);
  }, 60_000);

  it('survives whatever is written to its data port', async () => {
    const port = world.data.port;
    const inputs = [
      randomBytes(5000),
      'GET / HTTP/1.1\r\n\r\n',
      'PUT /uploads/x HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n',
      `GET /content/${'a'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
    ];
    for (const input of inputs) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(input));
        socket.on('error', () => resolve());
        socket.on('close', () => resolve());
        socket.resume();
      });
    }
    expect((await fetch(`http://127.0.0.1:${port}/content/x`)).status).toBe(401);
  });

  it('is ready only while everything it needs answers', async () => {
    const ready = async (port: number) => {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
      return { status: answer.status, body: (await answer.json()) as { failing: string[] } };
    };
    expect(await ready(world.service.internal.port)).toMatchObject({ status: 200, body: { failing: [] } });
    const blind = await world.boot({ config: { S3_ENDPOINT: 'http://127.0.0.1:9' } });
    expect(await ready(blind.service.internal.port)).toMatchObject({
      status: 503,
      body: { failing: ['object-store'] },
    });
    await blind.service.close();
    const locked = await world.boot({ config: { S3_SECRET_KEY: 'not-the-secret-key' } });
    expect(await ready(locked.service.internal.port)).toMatchObject({
      status: 503,
      body: { failing: ['object-store'] },
    });
    await locked.service.close();
  });

  it('does not start without its KEK', async () => {
    await expect(world.boot({ config: { KEK_ACTIVE: 'v2' } })).rejects.toThrow('KEK_ACTIVE');
  });

  it('on SIGTERM ends the upload in flight, however slow it is, takes what is on its way and no more, and exits with 0', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const files = await filesProcess(world.env);
    const size = 4 * mebibyte;
    const { fileId, hopToken } = await world
      .as(person)
      .startUpload({ slug: room.slug, name: 'a', type: '', size: BigInt(size) });
    const start = () => world.as(person).startUpload({ slug: room.slug, name: 'b', type: '', size: 10n });
    const [onItsWay, later] = [await start(), await start()];
    let exit: Promise<number | null> | undefined;
    let taken: Promise<{ status: number }> | undefined;
    let refusal: Promise<string> | undefined;
    const body = (async function* () {
      for (let sent = 0; sent < size; sent += mebibyte) {
        if (sent === mebibyte) {
          exit = files.stop();
          await new Promise((resolve) => setTimeout(resolve, 500));
          taken = files.data.put(onItsWay.fileId, onItsWay.hopToken, randomBytes(10));
        }
        if (sent === 2 * mebibyte) {
          refusal = files.data
            .put(later.fileId, later.hopToken, randomBytes(10))
            .then(reasonOf, () => 'nobody listens');
        }
        yield randomBytes(mebibyte);
        // From the stop to the last part it is longer than services without uploads may take for their stop (25 s).
        const pauseMs = sent === 0 ? 1_000 : sent === size - mebibyte ? 0 : 12_800;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    })();
    expect((await files.data.put(fileId, hopToken, body, { length: size })).status).toBe(201);
    expect((await taken)?.status).toBe(201);
    expect(await refusal).toBe('nobody listens');
    expect(await exit).toBe(0);
    expect((await world.as(person).getFile({ slug: room.slug, fileId })).file?.size).toBe(BigInt(size));
  }, 120_000);

  it('says what it does in metrics, without ids', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const fileId = await world.share(person, room.slug, randomBytes(1000));
    const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    await world.data.get(fileId, hopToken);
    const { host, port } = world.service.internal;
    const text = await new Promise<string>((resolve) => {
      request({ host, port, path: '/metrics' }, (response) => {
        let all = '';
        response.on('data', (chunk: Buffer) => (all += chunk.toString()));
        response.on('end', () => resolve(all));
      }).end();
    });
    for (const metric of [
      'files_op_total{op="upload",outcome="ok"}',
      'files_op_duration_seconds_count{op="download"}',
      'files_bytes_total{dir="in"}',
      'files_inflight_bytes 0',
      'files_crypto_duration_seconds_count{op="seal"}',
      'files_integrity_failures_total',
      'files_kek_version_info{version="v1"} 1',
      'files_orphan_objects',
      'files_index_missing_objects',
    ])
      expect(text).toContain(metric);
    for (const id of [fileId, room.id, room.slug, person.userId]) expect(text).not.toContain(id);
  });
});

import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { reasonOf } from './support/data-client.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { gatewayProcess } from './support/gateway-process.js';
import { until, remainsOf } from './support/remains.js';

const mebibyte = 1024 * 1024;

/** A body as a browser sends it: as fast as it is taken. `at` is told how much has gone out. */
async function* bodyOf(size: number, at: (sent: number) => void = () => undefined): AsyncGenerator<Buffer> {
  const chunk = randomBytes(mebibyte);
  for (let sent = 0; sent < size; sent += chunk.length) {
    at(sent);
    yield chunk;
    // A turn of the loop, so that an answer can be seen while the body goes on.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a large upload that is refused while it still arrives', () => {
  let world: FilesWorld;
  beforeAll(async () => {
    world = await filesWorld({ config: { MAX_FILE_BYTES: String(64 * mebibyte) } });
  }, 120_000);

  it('tells the reason to whoever sends it', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const size = 48 * mebibyte;
    const { fileId, hopToken } = await world
      .as(person)
      .startUpload({ slug: room.slug, name: 'a', type: '', size: BigInt(size) });
    const forged = await world.data.put(fileId, 'forged', bodyOf(size), { length: size });
    expect([forged.status, reasonOf(forged)]).toEqual([401, 'UNAUTHENTICATED']);
    const wrong = await world.data.put(fileId, hopToken, bodyOf(size), { length: size - 1 });
    expect([wrong.status, reasonOf(wrong)]).toEqual([400, 'LENGTH_MISMATCH']);
    const again = await world.data.put(fileId, hopToken, bodyOf(size), { length: size });
    expect([again.status, reasonOf(again)]).toEqual([409, 'CONFLICT']);
  }, 60_000);

  it('tells the reason to the browser, through the gateway', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const gateway = await gatewayProcess(world.nats, world.data.port, person);
    const upload = (size: number, at?: (sent: number) => void) =>
      new Promise<{ status: number | undefined; reason: unknown }>((resolve, reject) => {
        const outgoing = request(
          {
            ...{ host: '127.0.0.1', port: gateway.port, method: 'POST', path: `/api/v1/rooms/${room.slug}/files` },
            headers: {
              ...{ origin: gateway.origin, 'x-conclave': '1', cookie: `__Host-sid=cnv_ses_${'a'.repeat(43)}` },
              ...{ 'x-file-name': "UTF-8''a.bin", 'content-type': 'application/pdf', 'content-length': size },
            },
          },
          (response) => {
            let text = '';
            response.on('data', (chunk: Buffer) => (text += chunk.toString()));
            response.on('end', () => {
              resolve({ status: response.statusCode, reason: (JSON.parse(text) as { reason?: unknown }).reason });
              outgoing.destroy();
            });
          },
        );
        outgoing.on('error', reject);
        void (async () => {
          for await (const chunk of bodyOf(size, at)) {
            if (outgoing.destroyed) return;
            if (!outgoing.write(chunk)) await new Promise((resume) => outgoing.once('drain', resume));
          }
          outgoing.end();
        })();
      });

    expect(await upload(80 * mebibyte)).toEqual({ status: 413, reason: 'FILE_TOO_LARGE' });
    const removed = upload(60 * mebibyte, (sent) => {
      if (sent === 20 * mebibyte) world.rooms.leave(room.id, person.userId, true);
    });
    expect(await removed).toEqual({ status: 403, reason: 'NOT_PRESENT' });
    expect(
      await until(
        () => remainsOf(world, room.id),
        ({ unfinished, keys }) => unfinished.length === 0 && keys.length === 0,
      ),
    ).toMatchObject({ objects: [], usage: 0 });
    world.rooms.enter(room.id, person);
    // Small: on a busy machine a long one outlasts the proof that its person is there.
    expect(await upload(mebibyte)).toMatchObject({ status: 201 });
  }, 120_000);
});

import { randomBytes } from 'node:crypto';
import { Upload, type UploadOptions } from 'tus-js-client';
import { filesWorld } from './support/files-world.js';
import { gatewayProcess } from './support/gateway-process.js';

const mebibyte = 1024 * 1024;
/** Two parts of the object, and a piece that fills none. */
const body = randomBytes(17 * mebibyte + 12_345);

describe('the client that everybody uses, as it comes, through the gateway', () => {
  let files: string;
  let common: Pick<UploadOptions, 'endpoint' | 'headers' | 'metadata' | 'retryDelays'>;

  beforeAll(async () => {
    const world = await filesWorld();
    const room = world.rooms.room();
    const person = world.inside(room);
    const gateway = await gatewayProcess(world.nats, world.data.port, person);
    files = `${gateway.origin}/api/v1/rooms/${room.slug}/files`;
    common = {
      endpoint: `${gateway.origin}/api/v1/rooms/${room.slug}/uploads`,
      headers: { 'x-conclave': '1', origin: gateway.origin, cookie: `__Host-sid=cnv_ses_${'a'.repeat(43)}` },
      metadata: { filename: 'größe.bin', filetype: 'application/octet-stream' },
      retryDelays: [],
    };
  }, 120_000);

  /** Sends until it is done, or until so many bytes have gone; the address to go on at. */
  const send = (options: UploadOptions, stopAt = Infinity): Promise<string> =>
    new Promise((resolve, reject) => {
      const upload = new Upload(body, {
        ...common,
        ...options,
        onError: reject,
        onSuccess: () => resolve(upload.url ?? ''),
        onChunkComplete: (_size, accepted) => {
          if (accepted < stopAt || accepted === body.length) return;
          void upload.abort().then(() => resolve(upload.url ?? ''), reject);
        },
      });
      upload.start();
    });

  const stored = async (url: string): Promise<Buffer> => {
    const answer = await fetch(`${files}/${url.split('/').at(-1)}/content`, { headers: common.headers ?? {} });
    return Buffer.from(await answer.arrayBuffer());
  };

  it.each([
    ['in one request', {}],
    ['in chunks that are no parts', { chunkSize: 3 * mebibyte }],
    ['with its first bytes in the first request', { chunkSize: 6 * mebibyte, uploadDataDuringCreation: true }],
  ])('sends a file %s', async (_how, options) => {
    expect((await stored(await send(options))).equals(body)).toBe(true);
  });

  it('goes on where it was stopped', async () => {
    const uploadUrl = await send({ chunkSize: 4 * mebibyte }, 8 * mebibyte);
    expect((await stored(await send({ uploadUrl }))).equals(body)).toBe(true);
  });
});

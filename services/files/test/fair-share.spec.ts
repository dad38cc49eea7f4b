import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { TestPerson } from '@conclave/messaging/testing';
import { reasonOf, type DataAnswer } from './support/data-client.js';
import { filesProcess, type FilesProcess } from './support/files-process.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { StoreProxy } from './support/store-proxy.js';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const gibibyte = 1024 * mebibyte;
const chunk = randomBytes(mebibyte);
/** What one upload may take of memory, whatever its size (F5). */
const mostOfOne = 12 * mebibyte;
/** As many as one person may have here. */
const atOnce = 64;

/** A body that tells how much of it was taken, and after `pauseAt` bytes waits for `go`. */
async function* bodyOf(
  size: number,
  { taken, pauseAt = size, go }: { taken?: (bytes: number) => void; pauseAt?: number; go?: Promise<unknown> } = {},
): AsyncGenerator<Buffer> {
  for (let at = 0; at < size;) {
    if (at >= pauseAt) await go;
    const part = chunk.subarray(0, Math.min(chunk.length, size - at));
    at += part.length;
    yield part;
    taken?.(at);
  }
}

describe('a process of files', () => {
  let world: FilesWorld;
  let process: FilesProcess;
  let room: { id: string; slug: string };

  beforeAll(async () => {
    const quota = String(1024 * gibibyte);
    const config = { MAX_FILE_BYTES: String(2 * gibibyte), ROOM_QUOTA_BYTES: quota, PERSON_QUOTA_BYTES: quota };
    world = await filesWorld({ config });
    process = await filesProcess(world.env);
    room = world.rooms.room();
  }, 120_000);

  const send = async (person: TestPerson, size: number, body: AsyncIterable<Buffer>, signal?: AbortSignal) => {
    const asked = { slug: room.slug, name: 'a', type: '', size: BigInt(size) };
    const { fileId, hopToken } = await world.as(person).startUpload(asked);
    return process.data.put(fileId, hopToken, body, { length: size, ...(signal && { signal }) });
  };
  const small = (person: TestPerson): Promise<DataAnswer> => send(person, 16 * kibibyte, bodyOf(16 * kibibyte));
  const memoryOf = async (line: 'VmHWM' | 'VmRSS'): Promise<number> => {
    const status = await readFile(`/proc/${process.pid}/status`, 'utf8');
    return Number(new RegExp(`^${line}:\\s+(\\d+)`, 'm').exec(status)?.[1]) * kibibyte;
  };

  it('shares a hundred small files while one large runs flat out, before that is there', async () => {
    const [one, other] = [world.inside(room), world.inside(room)];
    let passed = 0;
    let ended = false;
    const size = 512 * mebibyte;
    const large = send(one, size, bodyOf(size, { taken: (bytes) => (passed = bytes) })).finally(() => (ended = true));
    while (passed < 8 * mebibyte) await new Promise((resolve) => setImmediate(resolve));
    let left = 100;
    const row = async (): Promise<void> => {
      while (left-- > 0) expect((await small(other)).status).toBe(201);
    };
    await Promise.all(Array.from({ length: 8 }, row));
    expect({ ended, all: passed === size }).toEqual({ ended: false, all: false });
    expect((await large).status).toBe(201);
  }, 120_000);

  it('holds 64 uploads at once, each in 12 MiB, refuses one person more and nobody else', async () => {
    const [one, other] = [world.inside(room), world.inside(room)];
    const before = await memoryOf('VmRSS');
    const cut = new AbortController();
    const sent = new Array<number>(atOnce).fill(0);
    const pauseAt = 12 * mebibyte;
    const running = sent.map((_, at) => {
      const body = bodyOf(gibibyte, {
        ...{ pauseAt, go: new Promise(() => undefined) },
        taken: (bytes) => (sent[at] = bytes),
      });
      return send(one, gibibyte, body, cut.signal).catch(() => undefined);
    });
    while (sent.some((bytes) => bytes < pauseAt)) await new Promise((resolve) => setTimeout(resolve, 20));
    const refused = await small(one);
    expect([refused.status, reasonOf(refused), refused.headers['retry-after']]).toEqual([503, 'BUSY', '5']);
    expect((await small(other)).status).toBe(201);
    expect(((await memoryOf('VmHWM')) - before) / atOnce).toBeLessThanOrEqual(mostOfOne);
    cut.abort();
    await Promise.all(running);
    let again = await small(one);
    while (again.status === 503) again = await small(one);
    expect(again.status).toBe(201);
  }, 120_000);
});

it('a reader who does not read has files fetch no more than its window', async () => {
  const world = await filesWorld();
  const proxy = await StoreProxy.before(world.bucket.endpoint);
  const { data } = await world.boot({ config: { S3_ENDPOINT: proxy.endpoint } });
  const room = world.rooms.room();
  const person = world.inside(room);
  const size = 48 * mebibyte;
  const fileId = await world.share(person, room.slug, randomBytes(size));
  const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
  const before = proxy.gave;
  const answer = await data.open(fileId, hopToken);
  answer.pause();
  let [seen, still] = [0, 0];
  // As long as more comes, it is not over; each look is a tenth of a second behind the last.
  while (still < 10) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    still = proxy.gave === seen ? still + 1 : 0;
    seen = proxy.gave;
  }
  // What is ready, opened or being opened, and what the buffers of three sockets hold.
  expect(seen - before).toBeLessThan(size / 2);
  answer.destroy();
}, 60_000);

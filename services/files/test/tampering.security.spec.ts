import { randomBytes } from 'node:crypto';
import type { TestPerson } from '@conclave/messaging/testing';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { reasonOf } from './support/data-client.js';
import { remainsOf } from './support/remains.js';

const segment = 65_536;
const sealedSegment = 65_600;
const header = 72;

describe('an object that was changed in the bucket', () => {
  let world: FilesWorld;
  let room: { id: string; slug: string };
  let person: TestPerson;
  let fileId: string;
  let key: string;
  let original: Buffer;
  // More than one batch of eight segments, so that a change further back comes after bytes that were good.
  const body = randomBytes(20 * segment + 1000);

  beforeAll(async () => {
    world = await filesWorld();
    room = world.rooms.room();
    person = world.inside(room);
    fileId = await world.share(person, room.slug, body);
    key = (await remainsOf(world, room.id)).objects[0]!;
    original = await objectAt(key);
  }, 120_000);
  afterEach(() => write(original));

  async function objectAt(name: string): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of await world.bucket.root.getObject(world.bucket.bucket, name)) parts.push(part as Buffer);
    return Buffer.concat(parts);
  }
  const write = (bytes: Buffer) => world.bucket.root.putObject(world.bucket.bucket, key, bytes);
  const read = async (range?: string) => {
    const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    return world.data.open(fileId, hopToken, range ? { range } : {});
  };
  /** Everything that came out before the end or the cut. */
  async function drain(range?: string): Promise<{ status: number; bytes: Buffer; whole: boolean }> {
    const response = await read(range);
    const parts: Buffer[] = [];
    try {
      for await (const part of response as AsyncIterable<Buffer>) parts.push(part);
      return { status: response.statusCode!, bytes: Buffer.concat(parts), whole: true };
    } catch {
      return { status: response.statusCode!, bytes: Buffer.concat(parts), whole: false };
    }
  }
  const flipped = (at: number): Buffer => {
    const bytes = Buffer.from(original);
    bytes[at]! ^= 1;
    return bytes;
  };

  it.each([
    ['a bit of the magic', 0],
    ['the suite', 5],
    ['a bit of the salt', 20],
    ['a bit of the commitment', 60],
    ['a bit of the first IV', header],
    ['a bit of the first ciphertext', header + 500],
    ['a bit of the first tag', header + sealedSegment - 1],
  ])('by %s is FILE_INTEGRITY before the first byte', async (_, at) => {
    await write(flipped(at));
    const { status, bytes, whole } = await drain();
    expect([status, whole, JSON.parse(bytes.toString())]).toEqual([
      500,
      true,
      { reason: 'FILE_INTEGRITY', correlationId: expect.any(String) },
    ]);
  });

  it.each([
    ['shorter by a byte', () => original.subarray(0, -1)],
    ['cut at a segment', () => original.subarray(0, header + 3 * sealedSegment)],
    ['longer by a segment', () => Buffer.concat([original, original.subarray(-sealedSegment)])],
    ['empty', () => Buffer.alloc(0)],
    ['noise of the same length', () => randomBytes(original.length)],
  ])('so that it is %s is FILE_INTEGRITY before the first byte, for every range', async (_, change) => {
    await write(change());
    for (const range of [undefined, 'bytes=0-0', `bytes=${5 * segment}-${5 * segment + 10}`, 'bytes=-1']) {
      const { status, bytes } = await drain(range);
      expect([status, JSON.parse(bytes.toString())]).toEqual([
        500,
        { reason: 'FILE_INTEGRITY', correlationId: expect.any(String) },
      ]);
    }
  });

  it('far behind the front is cut there: what came before is true, and nothing after it came', async () => {
    await write(flipped(header + 17 * sealedSegment + 99));
    const { status, bytes, whole } = await drain();
    expect([status, whole]).toEqual([200, false]);
    expect(bytes.length).toBeLessThanOrEqual(17 * segment);
    expect(bytes.equals(body.subarray(0, bytes.length))).toBe(true);
  });

  it('by two segments that changed places releases neither', async () => {
    const bytes = Buffer.from(original);
    const [a, b] = [header + 2 * sealedSegment, header + 3 * sealedSegment];
    original.copy(bytes, a, b, b + sealedSegment);
    original.copy(bytes, b, a, a + sealedSegment);
    await write(bytes);
    const range = `bytes=${2 * segment}-${4 * segment - 1}`;
    expect((await drain(range)).status).toBe(500);
  });

  it("for another file's, of this room and of the same length, is FILE_INTEGRITY", async () => {
    const other = await world.share(person, room.slug, randomBytes(body.length));
    const { rows } = await remainsOf(world, room.id);
    await write(await objectAt(rows.find(({ id }) => id === other)!.object_key));
    const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    for (const headers of [{}, { range: 'bytes=100000-200000' }] as Record<string, string>[])
      expect(reasonOf(await world.data.get(fileId, hopToken, headers))).toBe('FILE_INTEGRITY');
  });

  it('is counted, and the log says so without a name', async () => {
    await write(flipped(header));
    await drain();
    const { host, port } = world.service.internal;
    const metrics = await (await fetch(`http://${host}:${port}/metrics`)).text();
    expect(Number(/^files_integrity_failures_total (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0);
    expect(world.log.join('')).toContain('FILE_INTEGRITY');
  });

  it('whose row was given to another file or room opens nothing', async () => {
    const db = await world.database.connect('superuser');
    const victim = await world.share(person, room.slug, randomBytes(100));
    const stolen = await db.query<{ metadata: Buffer }>('select metadata from file where id = $1', [fileId]);
    await db.query('update file set metadata = $1 where id = $2', [stolen.rows[0]!.metadata, victim]);
    await expect(world.as(person).openContent({ slug: room.slug, fileId: victim })).rejects.toMatchObject({
      reason: 'FILE_INTEGRITY',
    });
    const { files } = await world.as(person).listFiles({ slug: room.slug });
    expect(files.map(({ id }) => id)).not.toContain(victim);
    expect(files.map(({ id }) => id)).toContain(fileId);
  });
});

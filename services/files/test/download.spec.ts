import { randomBytes } from 'node:crypto';
import type { TestPerson } from '@conclave/messaging/testing';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { reasonOf } from './support/data-client.js';

const size = 1_000_003;

describe('a download', () => {
  let world: FilesWorld;
  let person: TestPerson;
  let room: { id: string; slug: string };
  let fileId: string;
  const body = randomBytes(size);

  beforeAll(async () => {
    world = await filesWorld();
    room = world.rooms.room();
    person = world.inside(room);
    fileId = await world.share(person, room.slug, body, `it's (a) "plan" \u00e4.txt`);
  }, 120_000);

  const get = async (headers: Record<string, string> = {}, method = 'GET') => {
    const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    return world.data.get(fileId, hopToken, headers, method);
  };

  it('tells what a browser needs to save it', async () => {
    const answer = await get();
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      'content-disposition': `attachment; filename*=UTF-8''it%27s%20%28a%29%20%22plan%22%20%C3%A4.txt`,
      'cache-control': 'no-store',
    });
  });

  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=0-65535', 0, 65_536],
    ['bytes=65535-65536', 65_535, 65_537],
    ['bytes=65536-', 65_536, size],
    ['bytes=500000-700000', 500_000, 700_001],
    ['bytes=-1', size - 1, size],
    ['bytes=-70000', size - 70_000, size],
    ['bytes=999999-9999999', 999_999, size],
  ])('of %s is that slice', async (range, from, to) => {
    const answer = await get({ range });
    expect(answer.status).toBe(206);
    expect(answer.headers['content-range']).toBe(`bytes ${from}-${to - 1}/${size}`);
    expect(answer.headers['content-length']).toBe(String(to - from));
    expect(answer.body.equals(body.subarray(from, to))).toBe(true);
  });

  it('of random ranges is always that slice', async () => {
    const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    for (let round = 0; round < 60; round++) {
      const from = Math.floor(Math.random() * size);
      const to = Math.min(size, from + 1 + Math.floor(Math.random() * 200_000));
      const answer = await world.data.get(fileId, hopToken, { range: `bytes=${from}-${to - 1}` });
      expect([from, to, answer.status, answer.body.equals(body.subarray(from, to))]).toEqual([from, to, 206, true]);
    }
  });

  it.each([`bytes=${size}-`, `bytes=${size + 5}-${size + 9}`, 'bytes=-0', `bytes=${'0-0,'.repeat(9)}`])(
    'of %s, outside the file or more than anybody needs, is refused',
    async (range) => {
      const answer = await get({ range });
      expect([answer.status, reasonOf(answer), answer.headers['content-range']]).toEqual([
        416,
        'RANGE_NOT_SATISFIABLE',
        `bytes */${size}`,
      ]);
    },
  );

  it.each<[string, [number, number][]]>([
    [
      'bytes=0-9,500000-700000',
      [
        [0, 10],
        [500_000, 700_001],
      ],
    ],
    [
      'bytes=900000-,65530-65540,-1',
      [
        [900_000, size],
        [65_530, 65_541],
      ],
    ],
    [
      `bytes=${Array.from({ length: 8 }, (_, at) => `${at * 100_000}-${at * 100_000}`).join()}`,
      Array.from({ length: 8 }, (_, at) => [at * 100_000, at * 100_000 + 1]),
    ],
  ])('of %s is those slices, each in a part of its own', async (range, spans) => {
    const answer = await get({ range });
    const boundary = /^multipart\/byteranges; boundary=([0-9a-f]{36})$/.exec(answer.headers['content-type'] ?? '')?.[1];
    const { 'content-length': length, 'content-range': whole } = answer.headers;
    expect([answer.status, Number(length), whole]).toEqual([206, answer.body.length, undefined]);
    const parts = spans.map(([from, to]) =>
      Buffer.concat([
        Buffer.from(`\r\n--${boundary}\r\ncontent-type: application/octet-stream\r\n`),
        Buffer.from(`content-range: bytes ${from}-${to - 1}/${size}\r\n\r\n`),
        body.subarray(from, to),
      ]),
    );
    expect(answer.body.equals(Buffer.concat([...parts, Buffer.from(`\r\n--${boundary}--\r\n`)]))).toBe(true);
  });

  it.each([
    ['bytes=100-199,150-299', 100, 300],
    ['bytes=0-9,20-29', 0, 30],
    [`bytes=5-9,${size}-`, 5, 10],
  ])('of %s, of which one range is left, is that slice', async (range, from, to) => {
    const answer = await get({ range });
    expect([answer.status, answer.headers['content-range']]).toEqual([206, `bytes ${from}-${to - 1}/${size}`]);
    expect(answer.body.equals(body.subarray(from, to))).toBe(true);
  });

  it.each(['lines=1-2', 'bytes=9-2', 'bytes=0-1,9-2', 'nonsense'])(
    'of %s, which is no range, is the whole file',
    async (range) => {
      const answer = await get({ range });
      expect([answer.status, answer.body.length]).toEqual([200, size]);
    },
  );

  it('takes no notice of If-Range: a file never changes', async () => {
    expect((await get({ range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(206);
  });

  it('by HEAD is the headers alone', async () => {
    const answer = await get({}, 'HEAD');
    expect([answer.status, answer.headers['content-length'], answer.body.length]).toEqual([200, String(size), 0]);
    const part = await get({ range: 'bytes=5-9' }, 'HEAD');
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 5-9/${size}`]);
    const parts = await get({ range: 'bytes=5-9,500-' }, 'HEAD');
    const { 'content-length': length, 'content-type': type } = (await get({ range: 'bytes=5-9,500-' })).headers;
    expect([parts.status, parts.headers['content-length'], parts.body.length]).toEqual([206, length, 0]);
    expect(type).toContain('multipart/byteranges; boundary=');
  });

  it('counts only the bytes that were asked for', async () => {
    const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    const before = (await metricOf(world, 'files_bytes_total{dir="out"}')) ?? 0;
    await world.data.get(fileId, hopToken, { range: 'bytes=100-199' });
    expect((await metricOf(world, 'files_bytes_total{dir="out"}'))! - before).toBe(100);
  });
});

async function metricOf(world: FilesWorld, name: string): Promise<number | undefined> {
  const { host, port } = world.service.internal;
  const text = await (await fetch(`http://${host}:${port}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(name));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

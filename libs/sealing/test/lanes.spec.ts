import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { SEALED_SEGMENT_LENGTH } from '../src/index.js';
import {
  BatchBuffers,
  CallingThread,
  FileSealer,
  SealedFile,
  SealingInterrupted,
  SealingPool,
  newFileKeys,
  type SegmentBatch,
  type SegmentEngine,
} from '../src/node/index.js';
import { inChunks, seal, storeOf } from './fixtures.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const keys = newFileKeys('02', randomBytes(32), { fileId: randomUUID(), roomId: randomUUID() });
const full = 8 * SEALED_SEGMENT_LENGTH;
const run = (first: number): SegmentBatch => ({
  ...{ first, count: 8, lastLength: 65_536, final: false },
  ...{ keys: keys.segments, buffer: new ArrayBuffer(full) },
});

describe.each([
  ['the calling thread', () => new CallingThread()],
  ['a pool', () => new SealingPool({ workers: 2 })],
])('a lane of %s', (_, make) => {
  let engine: SegmentEngine & { destroy?(): Promise<void> };
  beforeAll(() => {
    engine = make();
  });
  afterAll(() => engine.destroy?.());

  it.each([0, 1, 65_536, 524_288, 3_000_001])('hashes %i bytes and the object they become', async (length) => {
    const plaintext = randomBytes(length);
    const { object, manifest } = await seal(plaintext, { engine });
    expect(manifest.plaintextSha256).toEqual(sha256(plaintext));
    expect(manifest.sha256).toEqual(sha256(object));
  });

  it('refuses a run out of its order', async () => {
    const lane = engine.lane(keys.header);
    await lane.seal(run(0));
    await expect(lane.seal(run(16))).rejects.toThrow('missing');
    await expect(lane.seal(run(0))).rejects.toThrow('missing');
    expect(lane.digests).toBeUndefined();
    lane.close();
    const late = engine.lane(keys.header);
    await expect(late.seal(run(8))).rejects.toThrow();
    late.close();
  });

  it('keeps the digests of many objects apart', async () => {
    const files = Array.from({ length: 6 }, (__, at) => randomBytes(600_000 + at));
    const sealed = await Promise.all(files.map((plaintext) => seal(plaintext, { engine })));
    sealed.forEach(({ manifest }, at) =>
      expect(manifest.plaintextSha256).toEqual(sha256(files[at] ?? Buffer.alloc(0))),
    );
  });
});

it('a lane ends with its worker, and the next one works', async () => {
  const pool = new SealingPool({ workers: 1 });
  const lane = pool.lane(keys.header);
  await lane.seal(run(0));
  const { threads } = pool as unknown as { threads: readonly { terminate(): Promise<void> }[] };
  await threads[0]?.terminate();
  await expect(lane.seal(run(8))).rejects.toBeInstanceOf(SealingInterrupted);
  lane.close();
  await expect(pool.lane(keys.header).seal(run(0))).resolves.toHaveLength(full);
  await pool.destroy();
});

it('a lane that was left takes nothing more', async () => {
  const pool = new SealingPool({ workers: 1 });
  const lane = pool.lane(keys.header);
  lane.close();
  await expect(lane.seal(run(0))).rejects.toBeInstanceOf(SealingInterrupted);
  await pool.destroy();
});

describe('buffers of batches', () => {
  it('are used again once, however often they are given back', () => {
    const buffers = new BatchBuffers();
    const one = buffers.take(full);
    buffers.give(one);
    buffers.give(one);
    expect(buffers.take(full)).toBe(one);
    expect(buffers.take(full)).not.toBe(one);
  });

  it('of other sizes, or given away to a thread, are not kept', () => {
    const buffers = new BatchBuffers();
    const small = new ArrayBuffer(10);
    buffers.give(small);
    expect(buffers.take(10)).not.toBe(small);
    const away = buffers.take(full);
    structuredClone(away, { transfer: [away] });
    buffers.give(away);
    expect(buffers.take(full).byteLength).toBe(full);
  });

  it('serve one file after another without a byte of the one before', async () => {
    const pool = new SealingPool({ workers: 2 });
    for (const byte of [1, 2, 3]) {
      const plaintext = Buffer.alloc(9_000_000 + byte, byte);
      const identity = { fileId: randomUUID(), roomId: randomUUID() };
      const dek = randomBytes(32);
      const sealer = new FileSealer({
        ...{ engine: pool, suite: '02', dek, plaintextLength: plaintext.length },
        ...identity,
      });
      const stored: Buffer[] = [];
      for await (const part of sealer.parts(inChunks(plaintext))) {
        stored.push(Buffer.concat(part.bytes)); // as a store has it, before the buffers go back
        part.release();
        part.release();
      }
      const object = Buffer.concat(stored);
      const { header, ...manifest } = sealer.sealed();
      expect(manifest.sha256).toEqual(sha256(object));
      const file = await SealedFile.open({
        ...{ engine: pool, dek, manifest, header, readObject: storeOf(object) },
        ...identity,
      });
      const digest = createHash('sha256');
      for await (const chunk of file.read()) {
        digest.update(chunk);
        file.release(chunk);
        expect(chunk.every((value) => value === 0)).toBe(true);
      }
      expect(digest.digest()).toEqual(sha256(plaintext));
      file.destroy();
    }
    await pool.destroy();
  });
});

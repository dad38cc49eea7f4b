import { randomBytes, randomUUID } from 'node:crypto';
import {
  BatchBuffers,
  CallingThread,
  FileSealer,
  SealedFile,
  SealingPool,
  newFileKeys,
  type SealBatch,
  type SegmentBatch,
  type SegmentEngine,
} from '../src/node/index.js';
import { SEGMENTS_PER_BATCH } from '../src/layout.js';
import { inChunks, reasonOf, seal, storeOf } from './fixtures.js';

const fullRun = SEGMENTS_PER_BATCH * 65_600;
const mark = 0xa5;
const length = 3_000_000;

/** An engine that remembers every buffer that bytes came to lie in. */
class Watched implements SegmentEngine {
  readonly width = 3;
  readonly taken: ArrayBuffer[] = [];
  readonly opened: Buffer[] = [];
  readonly buffers = new (class extends BatchBuffers {
    constructor(private readonly taken: ArrayBuffer[]) {
      super();
    }

    override take(size: number): ArrayBuffer {
      const buffer = super.take(size);
      this.taken.push(buffer);
      return buffer;
    }
  })(this.taken);
  private readonly thread = new CallingThread();

  seal(batch: SealBatch, signal?: AbortSignal) {
    return this.thread.seal(batch, signal);
  }

  async open(batch: SegmentBatch, signal?: AbortSignal) {
    const plaintext = await this.thread.open(batch, signal);
    this.opened.push(plaintext);
    return plaintext;
  }
}

/** Buffers in which sixteen bytes of the plaintext still lie side by side. */
const showing = (buffers: readonly Uint8Array[]): number =>
  buffers.filter((buffer) => Buffer.from(buffer.buffer).includes(Buffer.alloc(16, mark))).length;
const views = (buffers: readonly ArrayBuffer[]) => buffers.map((buffer) => new Uint8Array(buffer));
/** Whatever was on its way has arrived. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function* brokenOff(bytes: number): AsyncGenerator<Uint8Array, void> {
  yield* inChunks(Buffer.alloc(bytes, mark), 100_000);
  throw new Error('the sender is gone');
}

describe('plaintext of an upload', () => {
  const uploads: [string, () => AsyncIterable<Uint8Array>][] = [
    ['breaks off', () => brokenOff(1_600_000)],
    ['is too short', () => inChunks(Buffer.alloc(length - 1, mark))],
    ['is too long', () => inChunks(Buffer.alloc(length + 1, mark))],
  ];
  it.each(uploads)('that %s is wiped wherever it lay', async (_fact, body) => {
    const engine = new Watched();
    const identity = { fileId: randomUUID(), roomId: randomUUID() };
    const sealer = new FileSealer({
      ...{ engine, suite: '02', dek: randomBytes(32), plaintextLength: length },
      ...identity,
    });
    const parts = sealer.parts(body());
    await expect(parts.next()).rejects.toThrow();
    await settled();
    expect(engine.taken.length).toBeGreaterThan(1);
    expect(showing(views(engine.taken))).toBe(0);
  });

  it('that waits for a worker is wiped when its signal fires, and when the pool is closed', async () => {
    const pool = new SealingPool({ workers: 1 });
    const { segments } = newFileKeys('02', randomBytes(32), { fileId: randomUUID(), roomId: randomUUID() });
    const batches = Array.from({ length: 6 }, (_, at): SegmentBatch => {
      const buffer = new ArrayBuffer(fullRun);
      new Uint8Array(buffer).fill(mark);
      return {
        first: at * SEGMENTS_PER_BATCH,
        count: SEGMENTS_PER_BATCH,
        lastLength: 65_536,
        final: false,
        keys: segments,
        buffer,
      };
    });
    const stop = new AbortController();
    const work = Promise.allSettled(batches.map((batch, at) => pool.seal(batch, at < 4 ? stop.signal : undefined)));
    stop.abort(new Error('gone home'));
    await pool.destroy();
    await work;
    // Two were in the worker's hands.
    const here = batches.map(({ buffer }) => buffer).filter(({ byteLength }) => byteLength > 0);
    expect(here.length).toBe(4);
    expect(showing(views(here))).toBe(0);
  });
});

it('plaintext that was opened ahead and never read is wiped', async () => {
  const sealed = await seal(Buffer.alloc(length, mark));
  const engine = new Watched();
  const { header, ...manifest } = sealed.manifest;
  const readObject = storeOf(sealed.object);
  const file = await SealedFile.open({ ...sealed, engine, manifest, header, readObject });
  for await (const chunk of file.read()) {
    await settled();
    file.discard(chunk);
    break;
  }
  await settled();
  expect(engine.opened.length).toBeGreaterThan(1);
  expect(showing(engine.opened)).toBe(0);
  file.destroy();
});

describe.each([
  ['the calling thread', () => new CallingThread()],
  ['a pool', () => new SealingPool({ workers: 1 })],
])('keys that were wiped, in %s', (_, make) => {
  let engine: SegmentEngine & { destroy?(): Promise<void> };
  beforeAll(() => {
    engine = make();
  });
  afterAll(() => engine.destroy?.());
  const run = (keys: ReturnType<typeof newFileKeys>): SegmentBatch => {
    const buffer = new ArrayBuffer(fullRun);
    return { first: 0, count: SEGMENTS_PER_BATCH, lastLength: 65_536, final: false, keys: keys.segments, buffer };
  };
  const fresh = () => newFileKeys('02', randomBytes(32), { fileId: randomUUID(), roomId: randomUUID() });

  it('seal and open nothing', async () => {
    const keys = fresh();
    keys.destroy();
    expect(await reasonOf(() => engine.seal(run(keys)))).toBe('UNAVAILABLE');
    expect(await reasonOf(() => engine.open(run(keys)))).toBe('UNAVAILABLE');
  });

  it('while a file goes on: what is sealed opens, or is refused, and is never sealed under anything else', async () => {
    const outcomes = { sealed: 0, refused: 0 };
    for (let tries = 0; tries < 40; tries += 1) {
      const dek = randomBytes(32);
      const identity = { fileId: randomUUID(), roomId: randomUUID() };
      const keys = newFileKeys('02', dek, identity);
      const work = engine.seal(run(keys));
      if (tries % 4 > 0) await new Promise((resolve) => setTimeout(resolve, tries % 4));
      const again = { ...keys.segments, bytes: new SharedArrayBuffer(keys.segments.bytes.byteLength) };
      new Uint8Array(again.bytes).set(new Uint8Array(keys.segments.bytes));
      keys.destroy();
      const sealed = await work.catch(() => undefined);
      if (!sealed) outcomes.refused += 1;
      else {
        outcomes.sealed += 1;
        const buffer = new ArrayBuffer(fullRun);
        new Uint8Array(buffer).set(sealed.wire);
        await engine.open({ ...run(keys), keys: again, buffer });
      }
    }
    expect(outcomes.sealed + outcomes.refused).toBe(40);
  });
});

it('a wipe while a worker has the work in hand ends in a refusal', async () => {
  const pool = new SealingPool({ workers: 1 });
  const keys = newFileKeys('02', randomBytes(32), { fileId: randomUUID(), roomId: randomUUID() });
  const buffer = new ArrayBuffer(fullRun);
  const work = pool.seal({
    first: 0,
    count: SEGMENTS_PER_BATCH,
    lastLength: 65_536,
    final: false,
    keys: keys.segments,
    buffer,
  });
  keys.destroy();
  expect(await reasonOf(() => work)).toBe('UNAVAILABLE');
  await pool.destroy();
});

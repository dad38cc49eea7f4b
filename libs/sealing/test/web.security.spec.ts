import { randomBytes, randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { META_LABEL } from '../src/index.js';
import {
  WebCallingThread,
  WebFileSealer,
  deriveFileKeys,
  newFileKeys,
  openStream,
  openText,
  sealText,
  type WebBatch,
  type WebEngine,
} from '../src/web/index.js';
import { BOTH_SUITES, collect, inChunks, reasonOf, seal } from './fixtures.js';
import { onThisThread, readInBrowser } from './web-fixtures.js';

const mark = 0xa5;
const identity = () => ({ fileId: randomUUID(), roomId: randomUUID() });

/** Buffers in which sixteen bytes of the plaintext still lie side by side. */
const showing = (buffers: readonly ArrayBufferLike[]): number =>
  buffers.filter((buffer) => Buffer.from(buffer).includes(Buffer.alloc(16, mark))).length;
/** Whatever was on its way has arrived. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

/** An engine that remembers every buffer that bytes came to lie in. */
class Watched implements WebEngine {
  readonly width = 3;
  readonly taken: ArrayBuffer[] = [];
  readonly opened: ArrayBufferLike[] = [];
  readonly #thread = new WebCallingThread();

  seal(batch: WebBatch, signal?: AbortSignal) {
    this.taken.push(batch.buffer);
    return this.#thread.seal(batch, signal);
  }

  async open(batch: WebBatch, signal?: AbortSignal) {
    const run = await this.#thread.open(batch, signal);
    this.opened.push(...run.map(({ buffer }) => buffer));
    return run;
  }
}

describe.each(BOTH_SUITES)('a browser, suite %s', (suite) => {
  it('refuses a manifest that is not the one made for the object, before a byte of it is read', async () => {
    const sealed = await seal(randomBytes(70_000), { suite });
    const keys = await deriveFileKeys(sealed.dek, sealed.object.subarray(0, 72), sealed.fileId, sealed.roomId);
    const { manifest } = sealed;
    const flip = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, at) => (at === 31 ? byte ^ 1 : byte));
    let read = 0;
    async function* source() {
      read += 1;
      yield sealed.object.subarray(72);
    }
    for (const changed of [
      { ...manifest, version: 1 as const },
      { ...manifest, plaintextLength: 70_001 },
      { ...manifest, objectLength: manifest.objectLength + 16 },
      { ...manifest, root: flip(manifest.root) },
      { ...manifest, manifestTag: flip(manifest.manifestTag) },
      { ...manifest, root: manifest.root.subarray(1) },
    ]) {
      const opening = () => collect(openStream(source(), { engine: onThisThread, keys, manifest: changed }));
      expect(await reasonOf(opening)).toBe('FILE_INTEGRITY');
    }
    expect(read).toBe(0);
  });

  it('releases a byte of no run before all of its tags were compared', async () => {
    const sealed = await seal(randomBytes(9 * 65_536 + 5), { suite });
    for (let bad = 0; bad < 10; bad += 1) {
      const object = Buffer.from(sealed.object);
      const last = Math.min(72 + (bad + 1) * 65_600, object.length) - 1;
      object[last] = (object[last] ?? 0) ^ 1;
      const released: Uint8Array[] = [];
      const changed = { ...sealed, object };
      const reason = await reasonOf(() => readInBrowser(changed, { release: (bytes) => void released.push(bytes) }));
      expect(reason).toBe('FILE_INTEGRITY');
      const good = sealed.plaintext.subarray(0, Math.floor(bad / 4) * 4 * 65_536);
      expect(Buffer.concat(released).equals(good)).toBe(true);
    }
  });

  it('gives any range of a file, and needs no more than its segments', async () => {
    const sealed = await seal(randomBytes(6 * 65_536 + 9), { suite });
    const { length } = sealed.plaintext;
    for (const [start, end] of [
      [0, 1],
      [65_535, 65_537],
      [3 * 65_536, 5 * 65_536],
      [length - 1, length],
      [200_000, length],
      [0, length],
    ] as const) {
      const opened = await readInBrowser(sealed, { range: { start, end }, chunk: 10_007 });
      expect(opened.equals(sealed.plaintext.subarray(start, end))).toBe(true);
    }
    expect(await reasonOf(() => readInBrowser(sealed, { range: { start: 0, end: length + 1 } }))).toBe(
      'RANGE_NOT_SATISFIABLE',
    );
  });

  it('leaves no byte of a key where it lay, once WebCrypto has it', async () => {
    const { subtle } = crypto;
    const given: Uint8Array[] = [];
    const real = subtle.importKey.bind(subtle);
    const watch = jest.spyOn(subtle, 'importKey').mockImplementation(((...args: Parameters<typeof real>) => {
      given.push(args[1] as unknown as Uint8Array);
      return real(...args);
    }) as typeof real);
    try {
      const dek = randomBytes(32);
      const keys = await newFileKeys(suite, dek, identity());
      const ids = identity();
      const again = await newFileKeys(suite, dek, ids);
      await deriveFileKeys(dek, again.header, ids.fileId, ids.roomId);
      expect(await reasonOf(() => deriveFileKeys(dek, keys.header, ids.fileId, ids.roomId))).toBe('FILE_INTEGRITY');
      const sealed = await sealText(suite, dek, META_LABEL, new Uint8Array(0), 'plan.pdf');
      expect(await openText(dek, META_LABEL, new Uint8Array(0), sealed)).toBe('plan.pdf');
    } finally {
      watch.mockRestore();
    }
    expect(given.length).toBeGreaterThan(15);
    for (const bytes of given) expect(bytes.every((byte) => byte === 0)).toBe(true);
  });
});

it('keys say nothing when they are printed, and nothing is sealed or opened under those that were destroyed', async () => {
  const keys = await newFileKeys('02', randomBytes(32), identity());
  expect([String(keys), JSON.stringify(keys)]).toEqual(['[WebFileKeys]', '"[WebFileKeys]"']);
  const sealer = new WebFileSealer({ engine: onThisThread, keys, plaintextLength: 1_000_000 });
  const pieces = sealer.pieces(inChunks(Buffer.alloc(1_000_000)));
  await pieces.next();
  await pieces.next();
  keys.destroy();
  expect(await reasonOf(() => collect(pieces))).toBe('UNAVAILABLE');
  expect(() => sealer.sealed()).toThrow('not sealed yet');
});

describe('plaintext in a browser', () => {
  const length = 1_000_000;
  const sealerOf = async (engine: WebEngine, signal?: AbortSignal) => {
    const keys = await newFileKeys('02', randomBytes(32), identity());
    return new WebFileSealer({ engine, keys, plaintextLength: length, ...(signal && { signal }) });
  };

  it.each([
    ['is too short', length - 1],
    ['is too long', length + 1],
  ])('that %s is LENGTH_MISMATCH before the last piece, and wiped wherever it lay', async (_fact, real) => {
    const engine = new Watched();
    const sealer = await sealerOf(engine);
    const pieces: Uint8Array[] = [];
    const reason = await reasonOf(async () => {
      for await (const piece of sealer.pieces(inChunks(Buffer.alloc(real, mark)))) pieces.push(piece);
    });
    await settled();
    expect(reason).toBe('LENGTH_MISMATCH');
    expect(pieces).toHaveLength(4); // header and three of four batches
    expect(engine.taken).toHaveLength(3);
    expect(showing(engine.taken)).toBe(0);
    expect(() => sealer.sealed()).toThrow('not sealed yet');
  });

  it('is dropped at once when its signal fires, even while the source keeps silent', async () => {
    const engine = new Watched();
    const stop = new AbortController();
    const sealer = await sealerOf(engine, stop.signal);
    async function* silent() {
      yield Buffer.alloc(300_000, mark);
      stop.abort(new Error('left the meeting'));
      await new Promise(() => undefined);
    }
    await expect(collect(sealer.pieces(silent()))).rejects.toThrow('left the meeting');
    await settled();
    expect(showing(engine.taken)).toBe(0);
  });

  it('that was opened ahead and never read is wiped', async () => {
    const sealed = await seal(Buffer.alloc(2 * length, mark));
    const engine = new Watched();
    const keys = await deriveFileKeys(sealed.dek, sealed.object.subarray(0, 72), sealed.fileId, sealed.roomId);
    const source = inChunks(sealed.object.subarray(72));
    for await (const chunk of openStream(source, { engine, keys, manifest: sealed.manifest })) {
      await settled();
      chunk.fill(0);
      break;
    }
    await settled();
    expect(engine.opened.length).toBeGreaterThan(4);
    expect(showing(engine.opened)).toBe(0);
  });

  it('is sealed once', async () => {
    const sealer = await sealerOf(onThisThread);
    await collect(sealer.pieces(inChunks(Buffer.alloc(length))));
    await expect(collect(sealer.pieces(inChunks(Buffer.alloc(length))))).rejects.toThrow('sealed once');
  });
});

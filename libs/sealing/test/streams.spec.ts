import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { partLength, PART_LENGTH, SEALED_SEGMENT_LENGTH } from '../src/index.js';
import { SEGMENTS_PER_BATCH } from '../src/layout.js';
import { FileSealer, SealedFile, SealingPool, type SealedPart } from '../src/node/index.js';
import { collect, inChunks, inline, reasonOf, seal, storeOf } from './fixtures.js';

const MIB = 1_048_576;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function sealer(
  plaintextLength: number,
  changes: Partial<ConstructorParameters<typeof FileSealer>[0]> = {},
): FileSealer {
  const identity = { fileId: randomUUID(), roomId: randomUUID() };
  return new FileSealer({
    engine: inline,
    suite: '02',
    dek: randomBytes(32),
    ...identity,
    plaintextLength,
    ...changes,
  });
}

async function partsOf(file: FileSealer, source: AsyncIterable<Uint8Array>): Promise<SealedPart[]> {
  const parts: SealedPart[] = [];
  for await (const part of file.parts(source)) parts.push(part);
  return parts;
}

/** Zeros without end, counting what was taken. */
function endless(): AsyncIterable<Uint8Array> & { taken: number } {
  const source = {
    taken: 0,
    async *[Symbol.asyncIterator]() {
      for (;;) {
        source.taken += 65_536;
        yield new Uint8Array(65_536);
      }
    },
  };
  return source;
}

describe('an upload', () => {
  it.each([
    [0, 1],
    [1, 0],
    [100, 99],
    [100, 101],
    [65_536, 65_535],
    [65_536, 65_537],
    [9 * MIB, 9 * MIB - 1],
    [9 * MIB, 9 * MIB + 1],
  ])(
    'declared as %i bytes that has %i is LENGTH_MISMATCH, and its last part is never handed out',
    async (declared, real) => {
      const file = sealer(declared);
      const parts: SealedPart[] = [];
      const reason = await reasonOf(async () => {
        for await (const part of file.parts(inChunks(Buffer.alloc(real)))) parts.push(part);
      });
      expect(reason).toBe('LENGTH_MISMATCH');
      expect(parts.length).toBe(file.partCount - 1);
      expect(() => file.sealed()).toThrow('not sealed yet');
    },
  );

  it('hands out its runs in order, long before a part is whole, and none reaches over the edge of a part', async () => {
    const length = 17 * MIB;
    const file = sealer(length);
    const seen = new Map<number, number>();
    for await (const { partNumber, partLength: whole, bytes, length: run } of file.runs(
      inChunks(Buffer.alloc(length)),
    )) {
      expect(run).toBe(Buffer.concat(bytes).length);
      expect(run).toBeLessThanOrEqual(72 + SEGMENTS_PER_BATCH * SEALED_SEGMENT_LENGTH);
      seen.set(partNumber, (seen.get(partNumber) ?? 0) + run);
      expect(whole).toBe(partLength(partNumber, length));
    }
    expect([...seen]).toEqual([1, 2, 3].map((part) => [part, partLength(part, length)]));
    expect(file.sealed().objectLength).toBe(file.objectLength);
  });

  it('of a body without end stops as soon as it is longer than declared', async () => {
    const source = endless();
    expect(await reasonOf(() => partsOf(sealer(3 * MIB), source))).toBe('LENGTH_MISMATCH');
    expect(source.taken).toBeLessThan(4 * MIB);
  });

  it('reads on while a part is being uploaded, but only a little', async () => {
    const pool = new SealingPool({ workers: 2 });
    const source = endless();
    const parts = sealer(64 * MIB, { engine: pool }).parts(source);
    await parts.next();
    const ahead = () => source.taken - 8 * MIB;
    while (ahead() < MIB) await pause(5); // a limit of its own would only measure the machine
    await pause(200);
    expect(ahead()).toBeLessThanOrEqual((pool.width + 1) * MIB + 65_536);
    await parts.return();
    const { taken } = source;
    await pause(50);
    expect(source.taken - taken).toBeLessThanOrEqual(65_536);
    await pool.destroy();
  });

  it('gets the error of a request that breaks off', async () => {
    async function* broken() {
      yield Buffer.alloc(MIB);
      throw new Error('aborted by the browser');
    }
    await expect(partsOf(sealer(9 * MIB), broken())).rejects.toThrow('aborted by the browser');
  });

  it('ends at once when its signal fires, even while the sender keeps silent', async () => {
    async function* silent() {
      yield Buffer.alloc(100);
      await new Promise(() => undefined);
    }
    const controller = new AbortController();
    const outcome = partsOf(sealer(1_000, { signal: controller.signal }), silent());
    setTimeout(() => controller.abort(new Error('left the meeting')), 20);
    await expect(outcome).rejects.toThrow('left the meeting');
  });

  it('does not start under a signal that has fired', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(partsOf(sealer(10, { signal }), inChunks(Buffer.alloc(10)))).rejects.toThrow('too late');
  });

  it('leaves the request open when it refuses it, so that an answer can be sent', async () => {
    const request = Readable.from([Buffer.alloc(1_000), Buffer.alloc(1_000)]);
    expect(await reasonOf(() => partsOf(sealer(1_500), request))).toBe('LENGTH_MISMATCH');
    expect(request.destroyed).toBe(false);
  });

  it('reads a Node stream to its end', async () => {
    const plaintext = randomBytes(300_000);
    const file = sealer(plaintext.length);
    const [part] = await partsOf(file, Readable.from(inChunks(plaintext, 10_000)));
    expect(part?.length).toBe(file.objectLength);
    expect(file.sealed().objectLength).toBe(file.objectLength);
  });

  it('refuses text in place of bytes', async () => {
    await expect(partsOf(sealer(3), Readable.from(['abc']))).rejects.toThrow('gives bytes');
  });

  it('happens once', async () => {
    const file = sealer(3);
    await partsOf(file, inChunks(Buffer.from('abc')));
    await expect(partsOf(file, inChunks(Buffer.from('abc')))).rejects.toThrow('sealed once');
  });

  it('fails when its pool is closed under it', async () => {
    const pool = new SealingPool({ workers: 1 });
    const parts = sealer(64 * MIB, { engine: pool }).parts(endless());
    await parts.next();
    await pool.destroy();
    await expect(parts.next()).rejects.toThrow('closed');
  });

  it('needs no more memory for more bytes', async () => {
    const pool = new SealingPool({ workers: 2 });
    // One for all: what counts is what sealing holds, and not when the collector ran.
    const chunk = Buffer.alloc(65_536);
    const peak = async (parts: number) => {
      let most = 0;
      const length = parts * 8 * MIB - 1;
      async function* source() {
        for (let at = 0; at < length; at += 65_536) yield chunk.subarray(0, length - at);
      }
      for await (const part of sealer(length, { engine: pool }).parts(source())) {
        most = Math.max(most, process.memoryUsage().arrayBuffers);
        expect(part.length).toBeLessThanOrEqual(PART_LENGTH + 72);
        part.release();
      }
      return most;
    };
    await peak(2);
    const [small, large] = [await peak(2), await peak(16)];
    expect(large - small).toBeLessThan(16 * MIB); // 112 MiB more went through
    await pool.destroy();
  });
});

describe('a download', () => {
  it('reads no further ahead than its window while the reader is slow', async () => {
    const pool = new SealingPool({ workers: 2 });
    const sealed = await seal(randomBytes(16 * MIB), { engine: pool });
    let served = 0;
    const readObject = async function* ({ start, end }: { start: number; end: number }) {
      for await (const chunk of inChunks(sealed.object.subarray(start, end))) {
        served += chunk.length;
        yield chunk;
      }
    };
    const file = await SealedFile.open({ engine: pool, ...sealed, header: sealed.manifest.header, readObject });
    const reading = file.read();
    await reading.next();
    await pause(100);
    expect(served).toBeLessThanOrEqual((pool.width + 3) * SEGMENTS_PER_BATCH * SEALED_SEGMENT_LENGTH);
    await reading.return();
    file.destroy();
    await pool.destroy();
  });

  it('tells the store when no more is wanted', async () => {
    const sealed = await seal(randomBytes(8 * MIB));
    let told: AbortSignal | undefined;
    const readObject = ({ start, end }: { start: number; end: number }, signal: AbortSignal) => {
      told = signal;
      return inChunks(sealed.object.subarray(start, end));
    };
    const file = await SealedFile.open({ engine: inline, ...sealed, readObject });
    for await (const chunk of file.read()) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(told?.aborted).toBe(true);
  });

  it('is cut at once by its signal, even while the store keeps silent', async () => {
    const sealed = await seal(randomBytes(2 * MIB));
    const readObject = async function* ({ start, end }: { start: number; end: number }) {
      yield sealed.object.subarray(start, Math.min(end, start + 1_200_000));
      if (end > 1_200_000) await new Promise(() => undefined);
    };
    const file = await SealedFile.open({ engine: inline, ...sealed, readObject });
    const controller = new AbortController();
    let released = 0;
    const outcome = (async () => {
      for await (const chunk of file.read(undefined, controller.signal)) {
        released += chunk.length;
        setTimeout(() => controller.abort(new Error('removed from the meeting')), 10);
      }
    })();
    await expect(outcome).rejects.toThrow('removed from the meeting');
    expect(released).toBe(SEGMENTS_PER_BATCH * 65_536);
  });

  it('passes on what the store throws: a store that is down is no tampering', async () => {
    const sealed = await seal(randomBytes(100));
    const down = () => Promise.reject(new Error('connection refused'));
    await expect(SealedFile.open({ engine: inline, ...sealed, readObject: down })).rejects.toThrow(
      'connection refused',
    );
    const file = await SealedFile.open({ engine: inline, ...sealed, header: sealed.manifest.header, readObject: down });
    await expect(collect(file.read())).rejects.toThrow('connection refused');
  });

  it('serves many ranges of one open file at the same time', async () => {
    const pool = new SealingPool({ workers: 2 });
    const sealed = await seal(randomBytes(3_000_000), { engine: pool });
    const file = await SealedFile.open({ engine: pool, ...sealed, readObject: storeOf(sealed.object) });
    const starts = Array.from({ length: 20 }, (_, at) => at * 140_000);
    const slices = await Promise.all(starts.map((start) => collect(file.read({ start, end: start + 150_001 }))));
    slices.forEach((slice, at) => {
      const start = starts[at] ?? 0;
      expect(slice.equals(sealed.plaintext.subarray(start, start + 150_001))).toBe(true);
    });
    file.destroy();
    await pool.destroy();
  });
});

import { randomBytes, randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { SEGMENT_LENGTH, partCount, type ManifestVersion } from '../src/index.js';
import {
  FileSealer,
  SealingPool,
  openCheckpoint,
  sealCheckpoint,
  type Checkpoint,
  type SealedObject,
} from '../src/node/index.js';
import { BOTH_SUITES, inChunks, inline, read, reasonOf, rootOf } from './fixtures.js';

const partPlain = 128 * SEGMENT_LENGTH;
const seed = 20_261_127;

/** A file that is sealed part by part, each by a sealer of its own, which knows no more than what a database would keep. */
class Relay {
  readonly dek = randomBytes(32);
  readonly fileId = randomUUID();
  readonly roomId = randomUUID();
  readonly object: Buffer[] = [];
  header: Uint8Array = Buffer.alloc(0);
  kept: Buffer | undefined;

  constructor(
    readonly plaintext: Buffer,
    readonly options: { suite: '01' | '02'; manifestVersion?: ManifestVersion } = { suite: '02' },
  ) {}

  get owner() {
    const { dek, fileId, roomId, header } = this;
    return { dek, fileId, roomId, header };
  }

  get checkpoint(): Checkpoint {
    return openCheckpoint(this.owner, this.kept ?? Buffer.alloc(0));
  }

  async next(engine = inline): Promise<FileSealer> {
    const plaintextLength = this.plaintext.length;
    const { checkpoint, ...rest } = {
      ...this.owner,
      engine,
      plaintextLength,
      checkpoint: this.kept && this.checkpoint,
    };
    return checkpoint ? FileSealer.resume({ ...rest, checkpoint }) : new FileSealer({ ...rest, ...this.options });
  }

  /** Seals so many parts, and is gone. */
  async turn(parts: number, engine = inline): Promise<SealedObject | undefined> {
    const sealer = await this.next(engine);
    this.header = sealer.header;
    const from = this.kept ? this.checkpoint.nextSegment * SEGMENT_LENGTH : 0;
    let left = parts;
    for await (const part of sealer.parts(inChunks(this.plaintext.subarray(from), 100_003))) {
      this.object.push(Buffer.concat(part.bytes));
      const checkpoint = sealer.checkpoint();
      if (checkpoint) this.kept = sealCheckpoint(this.owner, checkpoint);
      if (--left === 0 && part.partNumber < sealer.partCount) return undefined;
    }
    return sealer.sealed();
  }
}

const readable = (relay: Relay, manifest: SealedObject) =>
  read({
    ...relay.owner,
    ...relay.options,
    plaintext: relay.plaintext,
    parts: [],
    object: Buffer.concat(relay.object),
    manifest,
  });

describe.each(BOTH_SUITES)('sealing that goes on elsewhere, suite %s', (suite) => {
  it.each([1, 2] as const)('makes one object and one manifest of version %i', async (manifestVersion) => {
    const relay = new Relay(randomBytes(3 * partPlain + 70_000), { suite, manifestVersion });
    let sealed: SealedObject | undefined;
    while (sealed === undefined) sealed = await relay.turn(1);
    const object = Buffer.concat(relay.object);
    expect(relay.object).toHaveLength(4);
    expect(sealed).toMatchObject({ root: rootOf(manifestVersion, object), objectCrc32: crc32(object) });
    expect((await readable(relay, sealed)).equals(relay.plaintext)).toBe(true);
  });
});

it('goes on after any part of any file, in any number of turns, and at its end gives the manifest again', async () => {
  const pool = new SealingPool({ workers: 2 });
  const near = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -2, max: 2 }));
  const lengths = near.map(([parts, by]) => Math.max(0, parts * partPlain + by));
  await fc.assert(
    fc.asyncProperty(lengths, fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }), async (length, turns) => {
      const relay = new Relay(Buffer.alloc(length, 7));
      let sealed: SealedObject | undefined;
      for (const parts of [...turns, 4]) sealed ??= await relay.turn(parts, pool);
      const again = await relay.turn(1, pool);
      expect(relay.object).toHaveLength(partCount(length));
      expect(again).toEqual(sealed);
      expect(sealed?.objectCrc32).toBe(crc32(Buffer.concat(relay.object)));
      expect(sealed && (await readable(relay, sealed)).equals(relay.plaintext)).toBe(true);
    }),
    { seed, numRuns: 5 },
  );
  await pool.destroy();
}, 60_000);

describe('a checkpoint', () => {
  let relay: Relay;
  beforeAll(async () => {
    relay = new Relay(Buffer.alloc(2 * partPlain + 5, 1));
    await relay.turn(1);
  });

  it('is nothing before the first part, and says where the plaintext goes on', async () => {
    const sealer = new FileSealer({ ...relay.owner, engine: inline, suite: '02', plaintextLength: 3 });
    expect(sealer.checkpoint()).toBeUndefined();
    expect(relay.checkpoint).toMatchObject({ nextSegment: 128, nextPart: 2, plaintextLength: 2 * partPlain + 5 });
  });

  it('opens for its own file, room, key and header only, with no bit changed and no byte missing', async () => {
    const { owner, kept = Buffer.alloc(0) } = relay;
    const header = Buffer.from(owner.header);
    header[20] = (header[20] ?? 0) ^ 1;
    const changed = Array.from({ length: kept.length * 8 }, (_, bit) => {
      const copy = Buffer.from(kept);
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return () => openCheckpoint(owner, copy);
    });
    const attempts = [
      ...changed,
      ...Array.from({ length: kept.length }, (_, length) => () => openCheckpoint(owner, kept.subarray(0, length))),
      () => openCheckpoint({ ...owner, dek: randomBytes(32) }, kept),
      () => openCheckpoint({ ...owner, fileId: randomUUID() }, kept),
      () => openCheckpoint({ ...owner, roomId: randomUUID() }, kept),
      () => openCheckpoint({ ...owner, header }, kept),
    ];
    for (const attempt of attempts) expect(await reasonOf(attempt)).toBe('FILE_INTEGRITY');
    expect(await reasonOf(() => openCheckpoint(owner, kept))).toBe('accepted');
  });

  const resume = (changes: Partial<Parameters<typeof FileSealer.resume>[0]>, checkpoint: Partial<Checkpoint> = {}) =>
    reasonOf(() =>
      FileSealer.resume({
        ...{ ...relay.owner, engine: inline, plaintextLength: relay.plaintext.length },
        ...changes,
        checkpoint: { ...relay.checkpoint, ...checkpoint },
      }),
    );

  it('that does not fit is refused before a byte is read', async () => {
    expect(await resume({})).toBe('accepted');
    const misfits: Partial<Checkpoint>[] = [
      { plaintextLength: 2 * partPlain + 6 },
      { nextPart: 1, nextSegment: 0 },
      { nextPart: 3 },
      { nextSegment: 127 },
      { nextSegment: 256 },
      { nextPart: 5, nextSegment: 257 },
      { nextPart: Number.NaN },
      { nextPart: 1.5 },
      { manifestVersion: 3 as 2 },
      { objectCrc32: -1 },
      { objectCrc32: 2 ** 32 },
      { root: relay.checkpoint.root.subarray(1) },
      { root: Buffer.alloc(relay.checkpoint.root.length) },
    ];
    for (const misfit of misfits) expect([misfit, await resume({}, misfit)]).toEqual([misfit, 'FILE_INTEGRITY']);
    expect(await resume({}, { nextPart: 4, nextSegment: 257 })).toBe('accepted');
    expect(await resume({ plaintextLength: relay.plaintext.length - 1 })).toBe('FILE_INTEGRITY');
    expect(await resume({ dek: randomBytes(32) })).toBe('FILE_INTEGRITY');
    expect(await resume({ fileId: randomUUID() })).toBe('FILE_INTEGRITY');
    expect(await resume({ header: randomBytes(72) })).toBe('FILE_INTEGRITY');
  });

  it('that lies about the root or the CRC makes no object that opens, or none that a sweep takes for whole', async () => {
    const other = new Relay(Buffer.alloc(2 * partPlain + 5, 2));
    await other.turn(1);
    const sealer = await FileSealer.resume({
      ...{ ...relay.owner, engine: inline, plaintextLength: relay.plaintext.length },
      checkpoint: { ...relay.checkpoint, root: other.checkpoint.root, objectCrc32: 1 },
    });
    const rest: Buffer[] = [];
    for await (const part of sealer.parts(inChunks(relay.plaintext.subarray(partPlain))))
      rest.push(Buffer.concat(part.bytes));
    const object = Buffer.concat([...relay.object, ...rest]);
    const manifest = sealer.sealed();
    expect(manifest.objectCrc32).not.toBe(crc32(object));
    const lied = { ...relay.owner, suite: '02' as const, plaintext: relay.plaintext, parts: [], object, manifest };
    expect(await reasonOf(() => read(lied))).toBe('FILE_INTEGRITY');
  });

  it('of a stream that is shorter or longer than the rest ends with LENGTH_MISMATCH', async () => {
    for (const by of [-1, 1]) {
      const sealer = await relay.next();
      const rest = Buffer.alloc(partPlain + 5 + by);
      const reason = await reasonOf(async () => {
        for await (const part of sealer.parts(inChunks(rest))) expect(part.partNumber).toBe(2);
      });
      expect(reason).toBe('LENGTH_MISMATCH');
    }
    const whole = new Relay(randomBytes(10));
    await whole.turn(1);
    const behind = await whole.next();
    expect(await reasonOf(() => behind.parts(inChunks(Buffer.alloc(1))).next())).toBe('LENGTH_MISMATCH');
  });
});

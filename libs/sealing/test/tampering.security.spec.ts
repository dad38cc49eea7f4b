import { randomBytes, randomUUID } from 'node:crypto';
import { sealingModule } from '@conclave/testing';
import { objectLength, segmentOffset } from '../src/index.js';
import { SEGMENTS_PER_BATCH } from '../src/layout.js';
import { deriveFileKeys as webKeys, verifyManifest as verifyInBrowser } from '../src/web/index.js';
import {
  SealedFile,
  SealingPool,
  chooseEngine,
  deriveFileKeys,
  makeManifestTag,
  newFileKeys,
  openSegment,
  sealSegment,
} from '../src/node/index.js';
import { BOTH_SUITES, inChunks, inline, read, reasonOf, rootOf, seal, tagRootOf, type Sealed } from './fixtures.js';
import { readInBrowser } from './web-fixtures.js';

const FULL = 65_600;

/** Reads as somebody would who can also rewrite the row: the manifest fits the object in everything but the keys' proof. */
const withLengths = (sealed: Sealed, object: Buffer) => ({
  object,
  manifest: { ...sealed.manifest, objectLength: object.length, root: tagRootOf(object) },
});

function flipped(bytes: Uint8Array, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** Counts the reasons of many attempts. */
async function reasons(attempts: Iterable<() => Promise<unknown> | unknown>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const attempt of attempts) {
    const reason = await reasonOf(attempt);
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

describe.each(BOTH_SUITES)('suite %s', (suite) => {
  it('no single flipped bit of a small object is accepted, whether the header is known or not', async () => {
    const sealed = await seal(randomBytes(40), { suite });
    const bits = Array.from({ length: sealed.object.length * 8 }, (_, bit) => bit);
    const { header } = sealed.manifest;
    expect(await reasons(bits.map((bit) => () => read(sealed, { object: flipped(sealed.object, bit) })))).toEqual({
      FILE_INTEGRITY: bits.length,
    });
    expect(
      await reasons(bits.map((bit) => () => read(sealed, { object: flipped(sealed.object, bit), header }))),
    ).toEqual({
      FILE_INTEGRITY: bits.length,
    });
  });

  it('no single flipped bit is accepted by the browser either', async () => {
    const sealed = await seal(randomBytes(5), { suite });
    expect((await readInBrowser(sealed)).equals(sealed.plaintext)).toBe(true);
    const bits = Array.from({ length: sealed.object.length * 8 }, (_, bit) => bit);
    const opening = (bit: number) => () => readInBrowser({ ...sealed, object: flipped(sealed.object, bit) });
    expect(await reasons(bits.map(opening))).toEqual({ FILE_INTEGRITY: bits.length });
  });

  it('no flipped bit of a three-segment object is accepted: one in every block, tags and IVs wholly', async () => {
    const sealed = await seal(randomBytes(2 * 65_536 + 100), { suite });
    const { header } = sealed.manifest;
    const keys = deriveFileKeys(sealed.dek, header, sealed.fileId, sealed.roomId);
    const attempts: (() => unknown)[] = [];
    for (const index of [0, 1, 2]) {
      const wire = sealed.object.subarray(segmentOffset(index), segmentOffset(index) + FULL);
      expect(openSegment(keys, index, index === 2, wire).length).toBe(index === 2 ? 100 : 65_536);
      for (let byte = 0; byte < wire.length; byte += 1) {
        const whole = byte < 16 || byte >= wire.length - 32;
        if (!whole && byte % 64 !== 0) continue;
        for (let bit = 0; bit < (whole ? 8 : 1); bit += 1) {
          attempts.push(() => openSegment(keys, index, index === 2, flipped(wire, byte * 8 + ((byte + bit) % 8))));
        }
      }
    }
    expect(await reasons(attempts)).toEqual({ FILE_INTEGRITY: attempts.length });
  });

  it('no cut is accepted, at any byte, even when the row is made to agree', async () => {
    const sealed = await seal(randomBytes(100), { suite });
    const cuts = Array.from({ length: sealed.object.length }, (_, length) => sealed.object.subarray(0, length));
    expect(await reasons(cuts.map((object) => () => read(sealed, { object })))).toEqual({
      FILE_INTEGRITY: cuts.length,
    });
    const { header } = sealed.manifest;
    expect(await reasons(cuts.map((object) => () => read(sealed, { object, header })))).toEqual({
      FILE_INTEGRITY: cuts.length,
    });
    expect(await reasons(cuts.map((object) => () => read(sealed, withLengths(sealed, object))))).toEqual({
      FILE_INTEGRITY: cuts.length,
    });
  });

  it("no cut at or around a segment's edge is accepted", async () => {
    const sealed = await seal(randomBytes(3 * 65_536), { suite });
    const edges = [0, 1, 2, 3].flatMap((index) => [-64, -16, -1, 0, 1, 16, 64].map((by) => segmentOffset(index) + by));
    const cuts = edges
      .filter((length) => length < sealed.object.length)
      .map((length) => sealed.object.subarray(0, length));
    const attempts = cuts.flatMap((object) => [
      () => read(sealed, { object }),
      () => read(sealed, withLengths(sealed, object)),
    ]);
    expect(await reasons(attempts)).toEqual({ FILE_INTEGRITY: attempts.length });
  });

  it('nothing may follow the end', async () => {
    const sealed = await seal(randomBytes(100), { suite });
    const last = sealed.object.subarray(72);
    const tails = [Buffer.alloc(1), Buffer.alloc(16), Buffer.alloc(64), randomBytes(FULL), last];
    const longer = tails.map((tail) => () => read(sealed, { object: Buffer.concat([sealed.object, tail]) }));
    const agreed = tails.map((tail) => () => read(sealed, withLengths(sealed, Buffer.concat([sealed.object, tail]))));
    expect(await reasons([...longer, ...agreed])).toEqual({ FILE_INTEGRITY: 2 * tails.length });
  });

  it('segments cannot change places, be repeated or left out', async () => {
    const sealed = await seal(randomBytes(4 * 65_536 + 10), { suite });
    const part = (index: number) => sealed.object.subarray(segmentOffset(index), segmentOffset(index) + FULL);
    const orders = [
      [1, 0, 2, 3, 4],
      [0, 2, 1, 3, 4],
      [0, 0, 2, 3, 4],
      [0, 1, 1, 3, 4],
      [0, 1, 2, 2, 4],
      [4, 1, 2, 3, 0],
      [0, 1, 2, 4],
      [0, 1, 2, 3],
      [0, 1, 2, 3, 3, 4],
      [0, 1, 2, 3, 4, 4],
    ];
    const attempts = orders.flatMap((order) => {
      const object = Buffer.concat([sealed.object.subarray(0, 72), ...order.map(part)]);
      return [() => read(sealed, { object }), () => read(sealed, withLengths(sealed, object))];
    });
    expect(await reasons(attempts)).toEqual({ FILE_INTEGRITY: attempts.length });
  });

  it('nothing of another object is accepted: other file, other room, other key, other version of the same file', async () => {
    const plaintext = randomBytes(2 * 65_536 + 10);
    const sealed = await seal(plaintext, { suite });
    const others = [
      await seal(plaintext, { ...sealed, fileId: randomUUID() }),
      await seal(plaintext, { ...sealed, roomId: randomUUID() }),
      await seal(plaintext, { ...sealed, dek: randomBytes(32) }),
      await seal(plaintext, sealed),
    ];
    const attempts: (() => Promise<unknown>)[] = [];
    for (const other of others) {
      for (const at of [0, 1, 2].map(segmentOffset)) {
        const spliced = Buffer.from(sealed.object);
        other.object.copy(spliced, at, at, at + FULL);
        attempts.push(() => read(sealed, { object: spliced }));
      }
      attempts.push(() => read(sealed, { object: other.object }));
      attempts.push(() => read(sealed, { header: other.manifest.header }));
      attempts.push(() => read(sealed, { manifest: other.manifest }));
      attempts.push(() =>
        read(sealed, { object: Buffer.concat([other.object.subarray(0, 72), sealed.object.subarray(72)]) }),
      );
    }
    // The whole other object with its own manifest, under this file's name: only the keys can tell.
    for (const other of others.slice(0, 3)) {
      attempts.push(() => read(other, { fileId: sealed.fileId, roomId: sealed.roomId, dek: sealed.dek }));
    }
    expect(await reasons(attempts)).toEqual({ FILE_INTEGRITY: attempts.length });
  });

  it('a wrong key, file or room fails before any data is asked for', async () => {
    const sealed = await seal(randomBytes(200_000), { suite });
    const wrong = [
      { dek: flipped(sealed.dek, 0) },
      { dek: flipped(sealed.dek, 255) },
      { fileId: randomUUID() },
      { roomId: randomUUID() },
      { fileId: sealed.roomId, roomId: sealed.fileId },
    ];
    for (const change of wrong) {
      const asked: number[] = [];
      const readObject = ({ start, end }: { start: number; end: number }) => {
        asked.push(end);
        return inChunks(sealed.object.subarray(start, end));
      };
      expect(await reasonOf(() => SealedFile.open({ engine: inline, ...sealed, readObject, ...change }))).toBe(
        'FILE_INTEGRITY',
      );
      expect(asked).toEqual([72]);
    }
  });

  it('a manifest of one version never passes for the other, whatever its root is made to be', async () => {
    for (const made of [1, 2] as const) {
      const sealed = await seal(randomBytes(100_000), { suite, manifestVersion: made });
      expect(sealed.manifest).toMatchObject({ version: made, root: rootOf(made, sealed.object) });
      expect((await read(sealed)).equals(sealed.plaintext)).toBe(true);
      const version = made === 1 ? 2 : 1;
      const attempts = [sealed.manifest.root, rootOf(version, sealed.object)].map(
        (root) => () => read(sealed, { manifest: { ...sealed.manifest, version, root } }),
      );
      expect(await reasons(attempts)).toEqual({ FILE_INTEGRITY: 2 });
      const keys = await webKeys(sealed.dek, sealed.manifest.header, sealed.fileId, sealed.roomId);
      await verifyInBrowser(keys, sealed.manifest);
      const lie = { ...sealed.manifest, version } as const;
      expect(await reasonOf(() => verifyInBrowser(keys, lie))).toBe('FILE_INTEGRITY');
    }
  });

  it('a segment that the same keys sealed at the same place in another try is refused by a whole read', async () => {
    const { dek, fileId, roomId } = await seal(Buffer.alloc(0), { suite });
    const keys = newFileKeys(suite, dek, { fileId, roomId });
    const [one, other] = [randomBytes(65_536), randomBytes(65_536)];
    const [end, again] = [sealSegment(keys, 1, true, one.subarray(1)), sealSegment(keys, 0, false, other)];
    const object = Buffer.concat([keys.header, sealSegment(keys, 0, false, one), end]);
    const facts = {
      ...({ version: 2, plaintextLength: 131_071, objectLength: object.length } as const),
      root: tagRootOf(object),
    };
    const manifest = { ...facts, manifestTag: makeManifestTag(keys, facts) };
    const identity = { dek, fileId, roomId };
    const open = (bytes: Buffer) => read({ ...identity, object: bytes, manifest } as unknown as Sealed);
    expect(await open(object)).toHaveLength(131_071);
    const spliced = Buffer.concat([keys.header, again, end]);
    expect(await reasonOf(() => open(spliced))).toBe('FILE_INTEGRITY');
    const inBrowser = (bytes: Buffer) => readInBrowser({ ...identity, object: bytes, manifest });
    expect(await inBrowser(object)).toHaveLength(131_071);
    expect(await reasonOf(() => inBrowser(spliced))).toBe('FILE_INTEGRITY');
  });

  it('no change of the manifest is accepted', async () => {
    const sealed = await seal(randomBytes(100), { suite });
    const { manifest } = sealed;
    const lengths = [0, 1, 95, 96, 99, 101, 111, 112, 65_536, -1, 1.5, Number.NaN, 2 ** 53].map((plaintextLength) => ({
      ...manifest,
      plaintextLength,
    }));
    const agreed = [90, 99, 101, 165_000].map((plaintextLength) => ({
      ...manifest,
      plaintextLength,
      objectLength: objectLength(plaintextLength),
    }));
    const bits = Array.from({ length: 256 }, (_, bit) => bit).flatMap((bit) => [
      { ...manifest, root: flipped(manifest.root, bit) },
      { ...manifest, manifestTag: flipped(manifest.manifestTag, bit) },
    ]);
    const short = [0, 16, 31].flatMap((length) => [
      { ...manifest, manifestTag: manifest.manifestTag.subarray(0, length) },
      { ...manifest, root: manifest.root.subarray(0, length) },
    ]);
    const versions = [0, 1, 3, Number.NaN, '2', undefined].map((version) => ({ ...manifest, version: version as 1 }));
    const attempts = [...lengths, ...agreed, ...bits, ...short, ...versions].map(
      (changed) => () => read(sealed, { manifest: changed }),
    );
    expect(await reasons(attempts)).toEqual({ FILE_INTEGRITY: attempts.length });
  });
});

it('a good tag over a plaintext of a wrong length is refused too: the holder of the keys cannot make two readings of a file', async () => {
  const sealed = await seal(randomBytes(100));
  const keys = deriveFileKeys(sealed.dek, sealed.manifest.header, sealed.fileId, sealed.roomId);
  // 100 and 101 bytes have the same object length; the manifest is honestly signed for the wrong one.
  const facts = { ...sealed.manifest, plaintextLength: 101 };
  const manifest = { ...facts, manifestTag: makeManifestTag(keys, facts) };
  expect(await reasonOf(() => read(sealed, { manifest }))).toBe('FILE_INTEGRITY');
  expect(await reasonOf(() => readInBrowser({ ...sealed, manifest }))).toBe('FILE_INTEGRITY');
});

describe.each([
  ['the portable engine', () => new SealingPool({ workers: 2 })],
  ['the native engine', async () => new SealingPool({ workers: 2, engine: await nativeChoice() })],
])('%s', (_, make) => {
  it('releases a byte of no run before all of its tags were compared', async () => {
    const engine = await make();
    const perRun = SEGMENTS_PER_BATCH;
    const sealed = await seal(randomBytes(2 * perRun * 65_536 + 5), { engine });
    for (const bad of [0, perRun - 1, perRun, 2 * perRun - 1, 2 * perRun]) {
      // The last bit of its tag; what stands before it in its run is genuine.
      const object = flipped(sealed.object, 8 * Math.min(segmentOffset(bad + 1), sealed.object.length) - 1);
      const readObject = ({ start, end }: { start: number; end: number }) => inChunks(object.subarray(start, end));
      const file = await SealedFile.open({ ...sealed, engine, readObject });
      const released: Uint8Array[] = [];
      const reason = await reasonOf(async () => {
        for await (const chunk of file.read()) released.push(Buffer.from(chunk));
      });
      expect([bad, reason]).toEqual([bad, 'FILE_INTEGRITY']);
      const good = sealed.plaintext.subarray(0, Math.floor(bad / perRun) * perRun * 65_536);
      expect(Buffer.concat(released).equals(good)).toBe(true);
    }
    await engine.destroy();
  });
});

/** The native engine where there is one; elsewhere the portable one is tried twice. */
const nativeChoice = async () => chooseEngine({ wish: 'auto', module: (await sealingModule()) ?? '' });

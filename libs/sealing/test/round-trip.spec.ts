import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { objectLength, partLength, PART_LENGTH } from '../src/index.js';
import { WebFileSealer, makeManifestTag, newFileKeys } from '../src/web/index.js';
import { BOTH_SUITES, EDGE_LENGTHS, collect, inChunks, read, rootOf, seal, tagRootOf } from './fixtures.js';
import { onThisThread, readInBrowser } from './web-fixtures.js';

describe.each(BOTH_SUITES)('suite %s', (suite) => {
  it.each(EDGE_LENGTHS)('%i bytes come back as they were', async (length) => {
    const sealed = await seal(randomBytes(length), { suite, chunk: 30_011 });
    expect(sealed.object.length).toBe(objectLength(length));
    expect(sealed.manifest.root).toEqual(tagRootOf(sealed.object));
    expect(sealed.manifest.objectCrc32).toBe(crc32(sealed.object));
    expect(sealed.object.subarray(0, 8)).toEqual(Buffer.from(`53564346${'01'}${suite}1000`, 'hex'));
    expect((await read(sealed)).equals(sealed.plaintext)).toBe(true);
    expect((await read(sealed, { header: sealed.manifest.header })).equals(sealed.plaintext)).toBe(true);
  });

  it.each(EDGE_LENGTHS)('%i bytes sealed by the server are read by a browser', async (length) => {
    const sealed = await seal(randomBytes(length), { suite });
    const opened = await readInBrowser(sealed, { chunk: 9973 });
    expect(opened.equals(sealed.plaintext)).toBe(true);
  });

  it.each(EDGE_LENGTHS)('%i bytes sealed by a browser are read by the server', async (length) => {
    const plaintext = randomBytes(length);
    const sealed = await seal(Buffer.alloc(0), { suite });
    const keys = await newFileKeys(suite, sealed.dek, sealed);
    const sealer = new WebFileSealer({ engine: onThisThread, keys, plaintextLength: length });
    const object = await collect(sealer.pieces(inChunks(plaintext, 9973)));
    const manifest = sealer.sealed();
    expect(Buffer.from(manifest.root)).toEqual(tagRootOf(object));
    expect((await read(sealed, { object, manifest })).equals(plaintext)).toBe(true);
    expect((await readInBrowser({ ...sealed, object, manifest })).equals(plaintext)).toBe(true);
    const facts = { ...manifest, version: 1 as const, root: rootOf(1, object) };
    const old = { ...facts, manifestTag: await makeManifestTag(keys, facts) };
    expect((await read(sealed, { object, manifest: old })).equals(plaintext)).toBe(true);
    expect((await readInBrowser({ ...sealed, object, manifest: old })).equals(plaintext)).toBe(true);
  });
});

it('the same file is never sealed to the same bytes twice', async () => {
  const first = await seal(Buffer.alloc(100_000));
  const second = await seal(Buffer.alloc(100_000), first);
  expect(second.object.subarray(8, 40)).not.toEqual(first.object.subarray(8, 40));
  expect(second.object.subarray(72, 88)).not.toEqual(first.object.subarray(72, 88));
});

it('parts are cut at every 128 segments, and the header rides in the first', async () => {
  const length = 2 * 128 * 65_536;
  const sealed = await seal(randomBytes(length));
  expect(sealed.parts.map((part) => part.length)).toEqual([72 + PART_LENGTH, PART_LENGTH, 64]);
  expect(sealed.parts.map((part) => part.partNumber)).toEqual([1, 2, 3]);
  for (const part of sealed.parts) {
    expect(part.bytes.reduce((sum, bytes) => sum + bytes.length, 0)).toBe(part.length);
    expect(partLength(part.partNumber, length)).toBe(part.length);
    expect(crc32(Buffer.concat(part.bytes))).toBe(part.crc32);
  }
  expect((await read(sealed)).equals(sealed.plaintext)).toBe(true);
});

import { createDecipheriv, createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { parseHeader, type ManifestVersion } from '../src/index.js';
import { deriveFileKeys, makeManifestTag, openSegment, sealSegment, verifyManifest } from '../src/node/index.js';
import { fileKeysWithSalt } from '../src/node/file-keys.js';
import { sealSegmentWithIv } from '../src/node/segment.js';
import { BOTH_SUITES, reasonOf, rootOf, seal, sha256 } from './fixtures.js';

/** SHA-256 of an object made of fixed inputs. */
const KNOWN = {
  '01': '54377957b022f00d6c1b550a5c1ade0cd06b3092ad7bc1b316589ed17dc77f27',
  '02': '755ff9c41a1f5a1d1ca98306658151469ed781d1207103500b54d5ec394b8fd6',
};

/** tagRoot and tag of the manifest of version 2 of the same object: the worked example of the README. */
const MANIFEST = {
  '01': {
    root: 'a90c03e00ff2a7bdb8a08ce7a19bb375bb3d495f7e90db6983484113208f57a4',
    tag: '8c6f602b86a498f4a6f505daf5861f3b2cf73c5e0abfe021867517cd08836ff0',
  },
  '02': {
    root: '65fc53081f80c29b05e914fe99057114aaa25319767aee5ae8afefdc003d6e06',
    tag: '92fd2a14cc938b543c760811bc17594fdeb5a853cc6f960f05e508b6e03e07bd',
  },
};

/**
 * The container read by the letter of its specification, with nothing of this package: if a label, a length or an order in
 * the code drifts, objects of yesterday would not open tomorrow, and this goes red.
 */
function readByHand(object: Buffer, dek: Uint8Array, ids: { fileId: string; roomId: string }): Buffer {
  const hash = object[5] === 1 ? 'sha512' : 'sha256';
  const uuid = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');
  const info = Buffer.concat([Buffer.from('svc-file/1\0'), object.subarray(0, 8), uuid(ids.fileId), uuid(ids.roomId)]);
  const okm = Buffer.from(hkdfSync(hash, dek, object.subarray(8, 40), info, 128));
  expect(object.subarray(40, 72).equals(okm.subarray(64, 96))).toBe(true);
  const plaintext: Buffer[] = [];
  for (let at = 72, index = 0; at < object.length; at += 65_600, index += 1) {
    const segment = object.subarray(at, at + 65_600);
    const final = at + 65_600 >= object.length;
    const aad = Buffer.concat([Buffer.from('svc-seg/1\0'), Buffer.alloc(9)]);
    aad.writeBigUInt64BE(BigInt(index), 10);
    aad[18] = final ? 1 : 0;
    const bits = Buffer.alloc(8);
    bits.writeBigUInt64BE(BigInt(8 * aad.length));
    const mac = createHmac(hash, okm.subarray(0, 32))
      .update(aad)
      .update(segment.subarray(0, -32))
      .update(bits)
      .digest();
    expect(segment.subarray(-32).equals(mac.subarray(0, 32))).toBe(true);
    const decipher = createDecipheriv('aes-256-cbc', okm.subarray(32, 64), segment.subarray(0, 16));
    const opened = Buffer.concat([decipher.update(segment.subarray(16, -32)), decipher.final()]);
    expect(final ? opened.length < 65_536 : opened.length === 65_536).toBe(true);
    plaintext.push(opened);
  }
  return Buffer.concat(plaintext);
}

/** The manifest's tag by the letter. */
function manifestByHand(
  version: ManifestVersion,
  object: Buffer,
  plaintextLength: number,
  { dek, ...ids }: { dek: Uint8Array; fileId: string; roomId: string },
) {
  const hash = object[5] === 1 ? 'sha512' : 'sha256';
  const uuid = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');
  const info = Buffer.concat([Buffer.from('svc-file/1\0'), object.subarray(0, 8), uuid(ids.fileId), uuid(ids.roomId)]);
  const key = Buffer.from(hkdfSync(hash, dek, object.subarray(8, 40), info, 128)).subarray(96, 128);
  const lengths = Buffer.alloc(16);
  lengths.writeBigUInt64BE(BigInt(plaintextLength));
  lengths.writeBigUInt64BE(BigInt(object.length), 8);
  const label = version === 1 ? Buffer.alloc(0) : Buffer.from('svc-manifest/2\0');
  const input = Buffer.concat([label, object.subarray(0, 72), lengths, rootOf(version, object)]);
  return createHmac(hash, key).update(input).digest().subarray(0, 32);
}

describe.each(BOTH_SUITES)('suite %s', (suite) => {
  it.each([0, 1, 65_535, 65_536, 200_000])('an object of %i bytes is what the specification says', async (length) => {
    for (const manifestVersion of [1, 2] as const) {
      const sealed = await seal(randomBytes(length), { suite, manifestVersion });
      expect(readByHand(sealed.object, sealed.dek, sealed).equals(sealed.plaintext)).toBe(true);
      expect(sealed.manifest.manifestTag).toEqual(manifestByHand(manifestVersion, sealed.object, length, sealed));
    }
  });

  it('the same key, salt and IV give these bytes for ever', () => {
    const ids = { fileId: '01890a5d-ac96-774b-bcce-b302099a8057', roomId: '01890a5d-ac96-774b-bcce-b302099a8058' };
    const keys = fileKeysWithSalt(suite, Buffer.alloc(32, 7), ids, Buffer.alloc(32, 9));
    const object = Buffer.concat([
      keys.header,
      sealSegmentWithIv(keys, 0, false, Buffer.alloc(65_536, 1), Buffer.alloc(16, 2)),
      sealSegmentWithIv(keys, 1, true, Buffer.from('the end'), Buffer.alloc(16, 3)),
    ]);
    expect(sha256(object).toString('hex')).toBe(KNOWN[suite]);
    const root = rootOf(2, object);
    const facts = { version: 2, plaintextLength: 65_543, objectLength: object.length, root } as const;
    const tag = makeManifestTag(keys, facts);
    expect({ root: root.toString('hex'), tag: tag.toString('hex') }).toEqual(MANIFEST[suite]);
  });

  it('a key, file, room, salt or commitment that does not belong to the header yields no keys at all', async () => {
    const { dek, fileId, roomId, object } = await seal(randomBytes(10), { suite });
    const header = object.subarray(0, 72);
    expect(await reasonOf(() => deriveFileKeys(dek, header, fileId, roomId))).toBe('accepted');
    expect(await reasonOf(() => deriveFileKeys(randomBytes(32), header, fileId, roomId))).toBe('FILE_INTEGRITY');
    expect(await reasonOf(() => deriveFileKeys(dek, header, randomUUID(), roomId))).toBe('FILE_INTEGRITY');
    expect(await reasonOf(() => deriveFileKeys(dek, header, fileId, randomUUID()))).toBe('FILE_INTEGRITY');
    for (let bit = 0; bit < 72 * 8; bit += 1) {
      const changed = Buffer.from(header);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await reasonOf(() => deriveFileKeys(dek, changed, fileId, roomId))).toBe('FILE_INTEGRITY');
    }
  });

  it('no other magic, version, suite, segment size or flag is parsed', async () => {
    const { object } = await seal(randomBytes(10), { suite });
    for (let at = 0; at < 8; at += 1) {
      for (let value = 0; value < 256; value += 1) {
        const header = Buffer.from(object.subarray(0, 72));
        header[at] = value;
        const known = value === object[at] || (at === 5 && (value === 1 || value === 2));
        expect([at, value, await reasonOf(() => parseHeader(header))]).toEqual([
          at,
          value,
          known ? 'accepted' : 'FILE_INTEGRITY',
        ]);
      }
    }
    for (const length of [0, 71, 73]) {
      expect(await reasonOf(() => parseHeader(Buffer.concat([object, object]).subarray(0, length)))).toBe(
        'FILE_INTEGRITY',
      );
    }
  });

  it('a segment is itself only at its number, and as the last only when it is the last', async () => {
    const { dek, fileId, roomId, object } = await seal(Buffer.alloc(0), { suite });
    const keys = deriveFileKeys(dek, object.subarray(0, 72), fileId, roomId);
    const full = sealSegment(keys, 5, false, randomBytes(65_536));
    const last = sealSegment(keys, 5, true, randomBytes(65_535));
    expect(openSegment(keys, 5, false, full).length).toBe(65_536);
    expect(openSegment(keys, 5, true, last).length).toBe(65_535);
    for (const attempt of [
      () => openSegment(keys, 4, false, full),
      () => openSegment(keys, 6, false, full),
      () => openSegment(keys, 2 ** 32 + 5, false, full),
      () => openSegment(keys, 5, true, full),
      () => openSegment(keys, 6, true, last),
      () => openSegment(keys, 5, false, last),
    ]) {
      expect(await reasonOf(attempt)).toBe('FILE_INTEGRITY');
    }
    expect(() => sealSegment(keys, 0, false, randomBytes(65_535))).toThrow(RangeError);
    expect(() => sealSegment(keys, 0, true, randomBytes(65_536))).toThrow(RangeError);
  });

  it('even a well-signed manifest must have lengths that belong together', async () => {
    const { dek, fileId, roomId, object, manifest } = await seal(randomBytes(100), { suite });
    const keys = deriveFileKeys(dek, object.subarray(0, 72), fileId, roomId);
    for (const objectLength of [manifest.objectLength + 16, manifest.objectLength - 16, manifest.objectLength + 1, 0]) {
      const facts = { ...manifest, objectLength };
      const signed = { ...facts, manifestTag: makeManifestTag(keys, facts) };
      expect(await reasonOf(() => verifyManifest(keys, signed))).toBe('FILE_INTEGRITY');
    }
  });
});

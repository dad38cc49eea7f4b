import { readFileSync } from 'node:fs';
import { Dek, Kek, KeyUnwrapRefused, RoomKey, generateKey, unwrapKey, wrapKey } from './index.js';

interface WrapVector {
  readonly tcId: number;
  readonly key: string;
  readonly msg: string;
  readonly ct: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}

const vectors = JSON.parse(
  readFileSync(new URL('../../sealing/vectors/aes_wrap_test.json', import.meta.url), 'utf8'),
) as { testGroups: { keySize: number; tests: WrapVector[] }[] };

const hex = (text: string) => Buffer.from(text, 'hex');
const reveal = (key: Dek) => key.use((bytes) => Buffer.from(bytes).toString('hex'));

describe('Wycheproof aes_wrap under 256-bit keys', () => {
  const tests = vectors.testGroups.filter((group) => group.keySize === 256).flatMap((group) => group.tests);
  const ours = tests.filter((test) => test.ct.length === 80 || test.msg.length === 64);

  it('has vectors of our one shape', () => {
    expect(ours.filter((test) => test.result === 'valid').length).toBeGreaterThanOrEqual(1);
    expect(ours.filter((test) => test.result === 'invalid').length).toBeGreaterThanOrEqual(5);
  });

  it.each(ours.filter((test) => test.result === 'valid'))('vector $tcId wraps and unwraps', ({ key, msg, ct }) => {
    const kek = new Kek(hex(key));
    expect(wrapKey(kek, new Dek(hex(msg))).toString('hex')).toBe(ct);
    expect(reveal(unwrapKey(kek, hex(ct), Dek))).toBe(msg);
  });

  it('everything invalid, and every other size, is refused', () => {
    const refused = tests.filter((test) => test.result !== 'valid' || test.ct.length !== 80);
    expect(refused.length).toBeGreaterThan(20);
    for (const { key, ct } of refused) {
      expect(() => unwrapKey(new Kek(hex(key)), hex(ct), Dek)).toThrow(KeyUnwrapRefused);
    }
  });
});

describe('a wrapped key', () => {
  const outer = generateKey(RoomKey);
  const inner = generateKey(Dek);
  const wrapped = wrapKey(outer, inner);

  it('has 40 bytes and comes back', () => {
    expect(wrapped.length).toBe(40);
    expect(reveal(unwrapKey(outer, wrapped, Dek))).toBe(reveal(inner));
  });

  it('does not open with any bit changed, any byte missing, or under another key', () => {
    for (let bit = 0; bit < wrapped.length * 8; bit += 1) {
      const changed = Buffer.from(wrapped);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => unwrapKey(outer, changed, Dek)).toThrow(KeyUnwrapRefused);
    }
    for (let length = 0; length < 40; length += 1) {
      expect(() => unwrapKey(outer, wrapped.subarray(0, length), Dek)).toThrow(KeyUnwrapRefused);
    }
    expect(() => unwrapKey(outer, Buffer.concat([wrapped, Buffer.alloc(8)]), Dek)).toThrow(KeyUnwrapRefused);
    expect(() => unwrapKey(generateKey(RoomKey), wrapped, Dek)).toThrow(KeyUnwrapRefused);
  });
});

import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { combineCrc32 } from '../src/index.js';

const seed = 20_261_127;

describe('the CRC-32 of two strings put together', () => {
  // The first is the check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
  it.each([
    ['123456789', 0xcbf43926],
    ['', 0],
    ['The quick brown fox jumps over the lazy dog', 0x414fa339],
  ])('%j is the published one, wherever it is cut', (text, expected) => {
    const bytes = Buffer.from(text);
    for (let at = 0; at <= bytes.length; at += 1) {
      const [front, back] = [bytes.subarray(0, at), bytes.subarray(at)];
      expect(combineCrc32(crc32(front), crc32(back), back.length)).toBe(expected);
    }
  });

  it('is that of any bytes in any number of pieces', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 8 });
    fc.assert(
      fc.property(pieces, (all) => {
        const sum = all.reduce((left, bytes) => combineCrc32(left, crc32(bytes), bytes.length), 0);
        expect(sum).toBe(crc32(Buffer.concat(all)));
      }),
      { seed, numRuns: 300 },
    );
  });

  it('is right over lengths of more than 32 bits, which come together in any order', () => {
    // 4 GiB of zeros, made by doubling one byte 32 times.
    let [zeros, length] = [crc32(Buffer.alloc(1)), 1];
    for (let at = 0; at < 32; at += 1) [zeros, length] = [combineCrc32(zeros, zeros, length), length * 2];
    const front = crc32(Buffer.from('a'));
    const oneByOne = combineCrc32(combineCrc32(front, zeros, length), zeros, length);
    expect(combineCrc32(front, combineCrc32(zeros, zeros, length), 2 * length)).toBe(oneByOne);
  });
});

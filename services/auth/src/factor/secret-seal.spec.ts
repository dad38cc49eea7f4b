import { SecretSeal } from './secret-seal.js';

const seal = new SecretSeal({ TOKEN_PEPPER: Buffer.alloc(32, 7) });
const place = { userId: 'u-1', factorId: 'f-1' };
const secret = Buffer.from('12345678901234567890');

describe('a sealed secret', () => {
  it('opens in its place, and is sealed anew each time', () => {
    expect(seal.open(place, seal.seal(place, secret))).toEqual(secret);
    expect(seal.seal(place, secret)).not.toEqual(seal.seal(place, secret));
    expect(seal.seal(place, secret).includes(secret)).toBe(false);
  });

  it('opens in no other row, for nobody else and under no other pepper', () => {
    const sealed = seal.seal(place, secret);
    for (const other of [{ userId: 'u-2' }, { factorId: 'f-2' }])
      expect(() => seal.open({ ...place, ...other }, sealed)).toThrow();
    expect(() => new SecretSeal({ TOKEN_PEPPER: Buffer.alloc(32, 8) }).open(place, sealed)).toThrow();
  });

  it('survives no change of any byte, and no shorter form', () => {
    const sealed = seal.seal(place, secret);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8((changed.readUInt8(at) + 1) % 256, at);
      expect(() => seal.open(place, changed)).toThrow();
      expect(() => seal.open(place, sealed.subarray(0, at))).toThrow();
    }
  });
});

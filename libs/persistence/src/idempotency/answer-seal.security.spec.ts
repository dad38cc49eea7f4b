import { randomBytes } from 'node:crypto';
import { AnswerSeal, type CallIdentity } from './answer-seal.js';

const seal = new AnswerSeal(Buffer.alloc(32, 7));
const call: CallIdentity = { key: 'k-1', userId: 'u-1', method: 'a.B.C' };
const hash = seal.hashOf(Buffer.from('request'));
const answer = Buffer.from('the answer');

describe('a kept answer', () => {
  it.each([0, 1, 16, 70_000])('of %d bytes opens as it was', (size) => {
    const bytes = randomBytes(size);
    expect(seal.open(call, hash, seal.seal(call, hash, bytes))).toEqual(bytes);
  });

  it('opens for nobody else, for no other call, request or service', () => {
    const sealed = seal.seal(call, hash, answer);
    for (const other of [{ key: 'k-2' }, { userId: 'u-2' }, { method: 'a.B.D' }])
      expect(() => seal.open({ ...call, ...other }, hash, sealed)).toThrow();
    expect(() => seal.open(call, seal.hashOf(Buffer.from('other')), sealed)).toThrow();
    expect(() => new AnswerSeal(Buffer.alloc(32, 8)).open(call, hash, sealed)).toThrow();
  });

  it('survives no change of any byte, and no shorter form', () => {
    const sealed = seal.seal(call, hash, answer);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8((changed.readUInt8(at) + 1) % 256, at);
      expect(() => seal.open(call, hash, changed)).toThrow();
      expect(() => seal.open(call, hash, sealed.subarray(0, at))).toThrow();
    }
  });

  it('is found by nothing that shows the key, and is sealed anew each time', () => {
    expect(seal.placeOf(call)).not.toContain('k-1');
    expect(seal.placeOf(call)).toBe(seal.placeOf(call));
    expect(seal.seal(call, hash, answer)).not.toEqual(seal.seal(call, hash, answer));
  });
});

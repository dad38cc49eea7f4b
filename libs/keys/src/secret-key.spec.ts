import { inspect } from 'node:util';
import { Dek, Kek, MessageKey, RoomKey, cloneKey, generateKey } from './index.js';

describe.each([Kek, RoomKey, MessageKey, Dek])('%p', (keyClass) => {
  const bytes = Buffer.from('canary-canary-canary-canary-1234');

  it('says its kind and nothing else, however it is printed', () => {
    const key = new keyClass(bytes);
    const shown = [
      String(key),
      `${key}`,
      JSON.stringify({ key }),
      inspect(key, { depth: 9, showHidden: true }),
      inspect({ key }),
      JSON.stringify(Object.entries(key)),
    ].join();
    expect(shown).toContain(`[${key.kind}]`);
    for (const trace of ['canary', bytes.toString('hex'), bytes.toString('base64'), '99,97,110', '63 61 6e']) {
      expect(shown).not.toContain(trace);
    }
  });

  it('lends its bytes and wipes them when destroyed', () => {
    const key = new keyClass(bytes);
    let lent: Uint8Array = new Uint8Array(0);
    key.use((inside) => (lent = inside));
    expect(Buffer.from(lent).equals(bytes)).toBe(true);
    key.destroy();
    expect(Buffer.from(lent).equals(Buffer.alloc(32))).toBe(true);
    expect(() => key.use(() => 1)).toThrow('destroyed');
    key.destroy();
    expect(key.destroyed).toBe(true);
  });

  it('has 32 bytes or does not come into being', () => {
    for (const length of [0, 16, 31, 33, 64]) expect(() => new keyClass(new Uint8Array(length))).toThrow(RangeError);
  });

  it('keeps a copy: the caller may wipe its own', () => {
    const own = Buffer.from(bytes);
    const key = new keyClass(own);
    own.fill(0);
    key.use((inside) => expect(Buffer.from(inside).equals(bytes)).toBe(true));
  });

  it('a clone outlives the original and is of the same kind', () => {
    const key = new keyClass(bytes);
    const clone = cloneKey(key);
    key.destroy();
    expect(clone).toBeInstanceOf(keyClass);
    clone.use((inside) => expect(Buffer.from(inside).equals(bytes)).toBe(true));
  });
});

it('new keys differ', () => {
  const hex = () => generateKey(Dek).use((bytes) => Buffer.from(bytes).toString('hex'));
  expect(new Set(Array.from({ length: 100 }, hex)).size).toBe(100);
});

it('one kind of key is no other kind: this file would not compile otherwise', () => {
  const takesDek = (key: Dek): string => key.kind;
  // @ts-expect-error a room key is not a DEK
  expect(takesDek(generateKey(RoomKey))).toBe('RoomKey');
});

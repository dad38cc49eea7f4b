import { createDecipheriv, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import {
  Binding,
  Dek,
  generateKey,
  Kek,
  KeyUnwrapRefused,
  MessageKey,
  RoomKey,
  unwrapFor,
  unwrapKey,
  wrapFor,
  wrapKey,
  type KeyPlace,
  type SecretKey,
} from './index.js';

const hex = (key: SecretKey): string => key.use((bytes) => Buffer.from(bytes).toString('hex'));
const id = fc.uuid();
// Few ids, so that two places differ in one part only as often as in all.
const near = fc.constantFrom(
  '018f2f6e-0000-7000-8000-000000000001',
  '018f2f6e-0000-7000-8000-000000000002',
  '00000000-0000-0000-0000-000000000000',
);
const ids = fc.oneof(id, near);
const place: fc.Arbitrary<KeyPlace> = fc.oneof(
  fc.record({ purpose: fc.constantFrom('room_key' as const, 'message_key' as const), roomId: ids }),
  fc.record({ purpose: fc.constant('file_key' as const), roomId: ids, fileId: ids }),
);
const same = (one: KeyPlace, other: KeyPlace): boolean => JSON.stringify(one) === JSON.stringify(other);

const parent = generateKey(Kek);
const inner = generateKey(Dek);

describe('a key bound to its row', () => {
  it('opens in its own row and in no other, whatever the purpose and whoever the row belongs to', () => {
    let swaps = 0;
    fc.assert(
      fc.property(place, place, (from, to) => {
        const bound = wrapFor(from, parent, inner, Binding.place);
        expect(bound.wrapped).toHaveLength(40);
        expect(hex(unwrapFor(from, parent, bound, Dek))).toBe(hex(inner));
        if (same(from, to)) return;
        swaps += 1;
        expect(() => unwrapFor(to, parent, bound, Dek)).toThrow(KeyUnwrapRefused);
      }),
      { numRuns: 2_000 },
    );
    expect(swaps).toBeGreaterThan(1_000);
  });

  it('is what the text says: AES-256-KW under HKDF-SHA-256 of parent, label, purpose and ids', () => {
    const roomId = '018f2f6e-1111-7222-8333-444444444444';
    const fileId = '018f2f6e-5555-7666-8777-888888888888';
    const info = Buffer.concat([
      Buffer.from('svc-wrap/1\0file_key\0'),
      Buffer.from('018f2f6e111172228333444444444444', 'hex'),
      Buffer.from('018f2f6e555576668777888888888888', 'hex'),
    ]);
    const wrapping = parent.use((bytes) => Buffer.from(hkdfSync('sha256', bytes, '', info, 32)));
    const { wrapped } = wrapFor({ purpose: 'file_key', roomId, fileId }, parent, inner, Binding.place);
    const decipher = createDecipheriv('id-aes256-wrap', wrapping, Buffer.alloc(8, 0xa6));
    expect(Buffer.concat([decipher.update(wrapped), decipher.final()]).toString('hex')).toBe(hex(inner));
  });

  it('is refused in one way for every cause', () => {
    const at: KeyPlace = { purpose: 'room_key', roomId: '018f2f6e-0000-7000-8000-000000000001' };
    const bound = wrapFor(at, parent, inner, Binding.place);
    const changed = Buffer.from(bound.wrapped);
    changed[7] = (changed[7] ?? 0) ^ 1;
    const causes: (() => unknown)[] = [
      () => unwrapFor({ ...at, purpose: 'message_key' }, parent, bound, Dek),
      () => unwrapFor({ ...at, roomId: '018f2f6e-0000-7000-8000-000000000002' }, parent, bound, Dek),
      () => unwrapFor(at, generateKey(RoomKey), bound, Dek),
      () => unwrapFor(at, parent, { ...bound, wrapped: changed }, Dek),
      () => unwrapFor(at, parent, { ...bound, wrapped: bound.wrapped.subarray(0, 32) }, Dek),
      () => unwrapFor(at, parent, { ...bound, binding: Binding.none }, Dek),
      () => unwrapFor(at, parent, { ...bound, binding: 2 }, Dek),
    ];
    const told = causes.map((cause) => {
      try {
        return cause();
      } catch (error) {
        return error instanceof KeyUnwrapRefused && error.message;
      }
    });
    expect(new Set(told)).toEqual(new Set(['a wrapped key does not unwrap under this key']));
  });

  it('refuses a place that no UUID names', () => {
    for (const roomId of ['', 'room', '018f2f6e-0000-7000-8000-00000000000g', '018f2f6e00007000800000000000001'])
      expect(() => wrapFor({ purpose: 'room_key', roomId }, parent, inner, Binding.place)).toThrow(TypeError);
  });
});

describe('a rolling upgrade', () => {
  const at: KeyPlace = { purpose: 'message_key', roomId: '018f2f6e-0000-7000-8000-000000000001' };

  it('reads what the release before wrapped', () => {
    const key = generateKey(MessageKey);
    const wrapped = wrapKey(parent, key);
    expect(hex(unwrapFor(at, parent, { wrapped, binding: Binding.none }, MessageKey))).toBe(hex(key));
  });

  it('writes what the release before reads, until it may bind', () => {
    const { wrapped } = wrapFor(at, parent, inner, Binding.none);
    expect(hex(unwrapKey(parent, wrapped, Dek))).toBe(hex(inner));
    // Which opens everywhere under its parent: that is what binding ends.
    const elsewhere: KeyPlace = { purpose: 'room_key', roomId: '018f2f6e-0000-7000-8000-000000000002' };
    expect(hex(unwrapFor(elsewhere, parent, { wrapped, binding: Binding.none }, Dek))).toBe(hex(inner));
    // And nothing that it could take for something else.
    const bound = wrapFor(at, parent, inner, Binding.place);
    expect(() => unwrapKey(parent, bound.wrapped, Dek)).toThrow(KeyUnwrapRefused);
  });
});

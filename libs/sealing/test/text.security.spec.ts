import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { MESSAGE_LABEL, META_LABEL } from '../src/index.js';
import { newFileKeys, openText, sealText } from '../src/node/index.js';
import * as web from '../src/web/index.js';
import { BOTH_SUITES, reasonOf } from './fixtures.js';

const key = randomBytes(32);
const aad = Buffer.from('room/message');

describe.each(BOTH_SUITES)('sealed text, suite %s', (suite) => {
  it.each(['', 'plan.pdf', 'x'.repeat(4_000), 'مرحبا', '👩‍👩‍👧 e\u0301\u0000\u202e'])(
    '%j comes back, in both runtimes',
    async (text) => {
      const sealed = sealText(suite, key, META_LABEL, aad, text);
      expect(openText(key, META_LABEL, aad, sealed)).toBe(text);
      expect(await web.openText(key, META_LABEL, aad, sealed)).toBe(text);
      expect(openText(key, META_LABEL, aad, await web.sealText(suite, key, META_LABEL, aad, text))).toBe(text);
      expect(sealText(suite, key, META_LABEL, aad, text)).not.toEqual(sealed);
    },
  );

  it('opens under no other key, label or place, and with no bit changed or byte missing', async () => {
    const sealed = sealText(suite, key, MESSAGE_LABEL, aad, 'see you at nine');
    const attempts = [
      () => openText(randomBytes(32), MESSAGE_LABEL, aad, sealed),
      () => openText(key, META_LABEL, aad, sealed),
      () => openText(key, MESSAGE_LABEL, Buffer.from('room/other'), sealed),
      () => openText(key, MESSAGE_LABEL, Buffer.alloc(0), sealed),
      ...Array.from(
        { length: sealed.length },
        (_, length) => () => openText(key, MESSAGE_LABEL, aad, sealed.subarray(0, length)),
      ),
      ...Array.from({ length: sealed.length * 8 }, (_, bit) => () => {
        const changed = Buffer.from(sealed);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        return openText(key, MESSAGE_LABEL, aad, changed);
      }),
    ];
    for (const attempt of attempts) expect(await reasonOf(attempt)).toBe('FILE_INTEGRITY');
    for (const attempt of [0, 1, 20, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[attempt] = (changed[attempt] ?? 0) ^ 128;
      expect(await reasonOf(() => web.openText(key, MESSAGE_LABEL, aad, changed))).toBe('FILE_INTEGRITY');
    }
  });
});

it('the keys of a file say nothing, however they are printed, and are wiped', () => {
  const identity = { fileId: '0192f0c1-7b7e-7c3a-8b1d-0c7d4a6b9e01', roomId: '0192f0c1-7b7e-7c3a-8b1d-0c7d4a6b9e02' };
  const keys = newFileKeys('01', key, identity);
  const inside = new Uint8Array(keys.segments.bytes);
  expect(inside.some((byte) => byte !== 0)).toBe(true);
  const shown = [String(keys), JSON.stringify({ keys }), inspect({ keys }, { showHidden: true, depth: 9 })].join();
  expect(shown).toContain('[FileKeys]');
  expect(shown).not.toContain(Buffer.from(inside).toString('hex').slice(0, 16));
  expect(shown.length).toBeLessThan(100);
  keys.destroy();
  expect(inside.every((byte) => byte === 0)).toBe(true);
  expect(keys.manifest.every((byte) => byte === 0)).toBe(true);
});

it('ids are UUIDs, whatever their case', () => {
  expect(() => newFileKeys('01', key, { fileId: 'x', roomId: 'y' })).toThrow(TypeError);
});

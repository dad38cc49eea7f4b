import { describe, expect, it } from '@jest/globals';
import { Ids, SystemClock } from '@conclave/platform';
import { canonicalAccessCode, chosenAccessCode, generateAccessCode, looksLikeAccessCode } from './access-code.js';

describe('an access code', () => {
  it('is generated from 60 bits without characters that look alike', () => {
    const ids = new Ids(new SystemClock());
    const codes = Array.from({ length: 500 }, () => generateAccessCode(ids));
    expect(new Set(codes).size).toBe(500);
    for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){2}$/);
  });

  it.each(['k7fm-2p9x-1q40', 'K7FM 2P9X 1Q40', 'k7fm2p9xlq4o', ' k7fm–2p9x–iq4O '])(
    'typed as %j means the same',
    (typed) => expect(canonicalAccessCode(typed)).toBe('k7fm2p9x1q40'),
  );

  it('that the owner chose is grouped', () => expect(chosenAccessCode('blue-harb-or99')).toBe('b1ve-harb-0r99'));

  it.each([
    '',
    'short',
    '1234567',
    'пароль-длинный',
    'a'.repeat(65),
    'p@ss-w0rd-long!',
    'blue\u0000harbor',
    'blue\u202eharbor',
  ])('%j is too weak to be chosen', (typed) =>
    expect(() => chosenAccessCode(typed)).toThrow(expect.objectContaining({ reason: 'INVALID_ARGUMENT' })),
  );

  it('of nothing but signs never reaches the hash', () => {
    expect(looksLikeAccessCode('---')).toBe(false);
    expect(looksLikeAccessCode('k7fm-2p9x-1q40')).toBe(true);
  });
});

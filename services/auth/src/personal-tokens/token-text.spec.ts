import { randomBytes } from 'node:crypto';
import { readPersonalToken, writePersonalToken } from './token-text.js';

const token = writePersonalToken(randomBytes(32));

describe('a personal token', () => {
  it('is written in groups of five that survive handwriting', () => {
    for (let i = 0; i < 200; i++)
      expect(writePersonalToken(randomBytes(32))).toMatch(/^cnv_([02-9a-hj-km-np-z]{5}-){10}[02-9a-hj-km-np-z]{2}$/);
  });

  it('carries all 256 bits: the smallest change shows', () => {
    const zero = Buffer.alloc(32);
    const texts = new Set([writePersonalToken(zero)]);
    for (let bit = 0; bit < 256; bit++) {
      const changed = Buffer.from(zero);
      changed[bit >> 3] = 1 << (bit & 7);
      texts.add(writePersonalToken(changed));
    }
    expect(texts.size).toBe(257);
    expect(() => writePersonalToken(Buffer.alloc(31))).toThrow();
  });

  it.each([
    ['without groups', token.replaceAll('-', '')],
    ['in capitals', token.toUpperCase()],
    ['with spaces and lines', ` ${token.replaceAll('-', ' \n')} `],
    ['with the dashes of a phone', token.replaceAll('-', '–')],
    ['with o for 0', token.replaceAll('0', 'O')],
    ['in full width', token.replaceAll('c', 'ｃ')],
  ])('reads back the same %s', (_how, typed) => {
    expect(readPersonalToken(typed)).toBe(token.replaceAll('-', ''));
  });

  it.each([
    ['nothing', ''],
    ['no prefix', token.slice(4)],
    ['one character short', token.slice(0, -1)],
    ['one too many', `${token}2`],
    ['a letter that is none of ours', `${token.slice(0, -1)}l`],
    ['a session token', `cnv_ses_${randomBytes(32).toString('base64url')}`],
    ['a megabyte', 'cnv_'.repeat(1 << 18)],
  ])('is not read from %s', (_what, typed) => {
    expect(readPersonalToken(typed)).toBeUndefined();
  });
});

import { readDisplayName } from './display-name.js';

const refused = (typed: string) =>
  expect(() => readDisplayName(typed)).toThrow(
    expect.objectContaining({ reason: 'INVALID_ARGUMENT', details: { field: 'displayName' } }),
  );

describe('a display name', () => {
  it.each([
    ['plain', 'Marta Berg'],
    ['right to left', 'מרתה ברג'],
    ['Arabic with joiner', 'نرگس\u200cخانم'],
    ['emoji with joiners', '👩‍🚀 Marta'],
    ['a flag', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['markup, which is only text', '<img src=x onerror=alert(1)>'],
    ['80 characters of two code units', '🦊'.repeat(80)],
  ])('may be %s', (_what, typed) => {
    expect(readDisplayName(typed)).toBe(typed);
  });

  it('is trimmed and composed', () => {
    expect(readDisplayName('  Zoe\u0308 ')).toBe('Zo\u00eb');
    expect(readDisplayName(`${'e\u0308'.repeat(80)}`)).toBe('\u00eb'.repeat(80));
  });

  it.each([
    ['empty', ''],
    ['blank', ' \u00a0\u2003 '],
    ['invisible', '\u200b\u2060\ufeff\u3164'],
    ['another name with a Hangul filler behind it', 'Marta\u3164'],
    ['a lone mark', '\u0301'],
    ['a zero byte', 'a\0b'],
    ['a line feed', 'a\nb'],
    ['an escape', '\u001b[31mred'],
    ['a C1 control', 'a\u0085b'],
    ['a line separator', 'a\u2028b'],
    ['half a surrogate pair', 'a\ud800'],
    ['an override', 'Marta\u202etxt.exe'],
    ['an embedding', '\u202aMarta'],
    ['an isolate', '\u2066Marta\u2069'],
  ])('is refused when it is or holds %s', (_what, typed) => refused(typed));
});

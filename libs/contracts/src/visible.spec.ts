import { isVisible, nameKey, visibleName, withoutHidden } from './visible.js';

describe('a name', () => {
  it.each([
    ['Marta Berg'],
    ['O’Neill-Söder'],
    ['नरेन्द्र'],
    ['क्‍ष'],
    ['نرگس\u200cخانم'],
    ['מרתה ברג'],
    ['דניאל (Dan)\u200f'],
    ['\u061c12 غرفة'],
    ['山田 太郎'],
    ['葛\u{e0100}城'],
    ['ᠮᠣᠩᠭᠣᠯ\u180bᠠ'],
    ['👩‍🚀 Marta'],
    ['👩🏽‍❤️‍👨🏿'],
    ['1️⃣ room'],
    ['❤️'],
    ['🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['🦊'.repeat(80)],
    ['<img src=x onerror=alert(1)>'],
  ])('may be %s', (name) => expect(visibleName(name)).toBe(name));

  it.each([
    ['  Zoe\u0308 ', 'Zo\u00eb'],
    ['Anna \u00a0 Berg', 'Anna Berg'],
    ['山田\u3000太郎', '山田 太郎'],
  ])('%j is kept as %j', (typed, name) => expect(visibleName(typed)).toBe(name));

  const blanks = {
    'the Hangul filler': '\u3164',
    'the half-width Hangul filler': '\uffa0',
    'the Hangul choseong filler': '\u115f',
    'the blank of Braille': '\u2800',
    'a zero-width space': '\u200b',
    'a word joiner': '\u2060',
    'a byte order mark': '\ufeff',
    'a soft hyphen': '\u00ad',
    'a grapheme joiner': '\u034f',
    'a Mongolian vowel separator': '\u180e',
    'the empty note': '\u{1d159}',
    'an object replacement': '\ufffc',
    'a tag': '\u{e0041}',
    'a variation': '\ufe0f',
    'a joiner': '\u200d',
    'a non-joiner': '\u200c',
    'a mark of direction': '\u200e',
    'an override': '\u202e',
    'an embedding': '\u202a',
    'an isolate': '\u2066',
    'a zero byte': '\0',
    'a line feed': '\n',
    'an escape': '\u001b',
    'a C1 control': '\u0085',
    'a line separator': '\u2028',
    'half a surrogate pair': '\ud800',
  };
  it.each(Object.entries(blanks))('is refused with or as %s', (_what, blank) => {
    for (const typed of [blank, `Anna${blank}`, `${blank}Anna`, `An${blank}na`, blank.repeat(3)])
      // White space at the ends is taken off, not refused.
      expect([null, typed.trim() === 'Anna' ? 'Anna' : null]).toContain(visibleName(typed));
  });

  it.each(['', ' ', '\u00a0\u2003', '\u0301', '\u3164\u2800'])('is not %j', (typed) =>
    expect(visibleName(typed)).toBeNull(),
  );

  it('is told from another that looks the same', () => {
    for (const name of ['ＡＮＮＡ', 'anna', 'An\u200bna', ' Anna ']) expect(nameKey(name)).toBe('anna');
    expect(nameKey('Ana')).not.toBe('anna');
  });
});

describe('a text', () => {
  it('is visible where a reader sees one thing of it', () => {
    expect(isVisible('\u200b\u3164 .')).toBe(true);
    for (const blank of ['\u3164', '\u2800\u2800', ' \n\t', '\u200b\u2060\ufeff', '\u202e'])
      expect(isVisible(blank)).toBe(false);
  });

  it('loses what hides in it and nothing else', () => {
    expect(withoutHidden('invoice\u202egpj.exe')).toBe('invoicegpj.exe');
    expect(withoutHidden('a\u200bb\u2800c')).toBe('abc');
    expect(withoutHidden('👩‍💻 notes.md')).toBe('👩‍💻 notes.md');
    expect(withoutHidden('שלום\u200f 1.pdf')).toBe('שלום\u200f 1.pdf');
    expect(withoutHidden('plain\u200f 1.pdf')).toBe('plain 1.pdf');
  });
});

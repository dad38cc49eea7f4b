import { linkParts } from './links';

/** A text, and the links that a reader finds in it, in order. */
const table: readonly (readonly [string, ...string[]])[] = [
  // Plain.
  ['https://example.com', 'https://example.com'],
  ['http://example.com/', 'http://example.com/'],
  ['HTTPS://Example.COM/Path', 'HTTPS://Example.COM/Path'],
  ['https://example.com:8443/a', 'https://example.com:8443/a'],
  ['https://192.0.2.7/a', 'https://192.0.2.7/a'],
  ['http://[2001:db8::1]:8080/a', 'http://[2001:db8::1]:8080/a'],
  ['http://localhost:4200/x', 'http://localhost:4200/x'],
  ['https://example.com/a?b=c&d=e#f', 'https://example.com/a?b=c&d=e#f'],
  ['https://example.com/a%20b', 'https://example.com/a%20b'],
  ['https://example.com/~anna/+x/@y/$z', 'https://example.com/~anna/+x/@y/$z'],
  ['https://example.com/a_b_c', 'https://example.com/a_b_c'],
  ['https://example.com/a...b', 'https://example.com/a...b'],
  ['https://example.com/a,b;c', 'https://example.com/a,b;c'],
  ['https://example.com/#/route/1', 'https://example.com/#/route/1'],
  ['https://example.com/?q=a+b', 'https://example.com/?q=a+b'],
  // Followed by the punctuation of a sentence.
  ['See https://example.com/a.', 'https://example.com/a'],
  ['See https://example.com/a, then go.', 'https://example.com/a'],
  ['https://example.com/a; and', 'https://example.com/a'],
  ['https://example.com/a: this', 'https://example.com/a'],
  ['Really https://example.com/a?', 'https://example.com/a'],
  ['Yes https://example.com/a!', 'https://example.com/a'],
  ['Really https://example.com/a?!', 'https://example.com/a'],
  ['https://example.com/a?b=c.', 'https://example.com/a?b=c'],
  ['and so on https://example.com/a...', 'https://example.com/a'],
  ['and so on https://example.com/a…', 'https://example.com/a'],
  ['https://example.com/a — the page', 'https://example.com/a'],
  ['https://example.com/a—the page', 'https://example.com/a—the'],
  // Brackets.
  ['https://en.wikipedia.org/wiki/Rust_(language)', 'https://en.wikipedia.org/wiki/Rust_(language)'],
  ['(https://en.wikipedia.org/wiki/Rust_(language))', 'https://en.wikipedia.org/wiki/Rust_(language)'],
  ['(see https://example.com/a)', 'https://example.com/a'],
  ['(see https://example.com/a).', 'https://example.com/a'],
  ['(https://example.com/a), then', 'https://example.com/a'],
  ['[https://example.com/a]', 'https://example.com/a'],
  ['[the page](https://example.com/a)', 'https://example.com/a'],
  ['[https://example.com/a](https://example.com/b)', 'https://example.com/a', 'https://example.com/b'],
  ['{https://example.com/a}', 'https://example.com/a'],
  ['<https://example.com/a>', 'https://example.com/a'],
  ['https://example.com/a?x[]=1&x[]=2', 'https://example.com/a?x[]=1&x[]=2'],
  ['https://example.com/a((b)c)d', 'https://example.com/a((b)c)d'],
  ['https://example.com/a)b', 'https://example.com/a'],
  ['https://example.com/a(', 'https://example.com/a'],
  // Quotes and marks of emphasis.
  ['"https://example.com/a"', 'https://example.com/a'],
  ["'https://example.com/a'", 'https://example.com/a'],
  ['“https://example.com/a”', 'https://example.com/a'],
  ['„https://example.com/a“', 'https://example.com/a'],
  ['«https://example.com/a»', 'https://example.com/a'],
  ['»https://example.com/a«', 'https://example.com/a'],
  ['`https://example.com/a`', 'https://example.com/a'],
  ['**https://example.com/a**', 'https://example.com/a'],
  ["https://en.wikipedia.org/wiki/Rubik's_Cube", "https://en.wikipedia.org/wiki/Rubik's_Cube"],
  // Other scripts.
  ['请看https://example.com/a。谢谢', 'https://example.com/a'],
  ['https://example.com/a，然后', 'https://example.com/a'],
  ['（https://example.com/a）', 'https://example.com/a'],
  ['「https://example.com/a」を見て', 'https://example.com/a'],
  ['《https://example.com/a》', 'https://example.com/a'],
  ['https://example.com/a、https://example.com/b', 'https://example.com/a', 'https://example.com/b'],
  ['https://de.wikipedia.org/wiki/Köln', 'https://de.wikipedia.org/wiki/Köln'],
  ['https://ja.wikipedia.org/wiki/東京', 'https://ja.wikipedia.org/wiki/東京'],
  ['https://bücher.example/a', 'https://bücher.example/a'],
  ['هل رأيت https://example.com/a؟', 'https://example.com/a'],
  ['שלום https://example.com/a, תודה', 'https://example.com/a'],
  ['https://example.com/a।', 'https://example.com/a'],
  // What cannot be seen ends it.
  ['https://example.com/a\u202egnp.exe', 'https://example.com/a'],
  ['https://example.com/a\u200bb', 'https://example.com/a'],
  ['https://example.com/a\u3000b', 'https://example.com/a'],
  // Several.
  ['https://example.com/a https://example.com/b', 'https://example.com/a', 'https://example.com/b'],
  ['https://example.com/a,https://example.com/b', 'https://example.com/a,https://example.com/b'],
  ['https://example.com/?u=https://example.org/b', 'https://example.com/?u=https://example.org/b'],
  // None.
  ['javascript:alert(1)'],
  ['data:text/html,x'],
  ['file:///etc/passwd'],
  ['ftp://example.com/a'],
  ['https://bank.example@evil.example/'],
  ['https://user:word@example.com/'],
  ['https://'],
  ['https://.'],
  ['https://…'],
  ['http://exa mple'.slice(0, 7)],
  ['xhttps://example.com'],
  ['<img src=x onerror=alert(1)>'],
];

describe('links in a text', () => {
  it.each(table)('%s', (text, ...links) => {
    const parts = linkParts(text);
    expect(parts.filter(({ href }) => href !== null).map((part) => part.text)).toEqual(links);
    expect(parts.map((part) => part.text).join('')).toBe(text);
  });
});

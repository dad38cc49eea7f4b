import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { supportedApis } from './browser-rules.mjs';

const refused = (code: string): number =>
  new Linter().verify(
    code,
    [
      {
        files: ['**/*.ts'],
        languageOptions: { parser: tseslint.parser as Linter.Parser },
        plugins: { conclave: { rules: { 'supported-apis': supportedApis } } },
        rules: { 'conclave/supported-apis': 'error' },
      },
    ],
    'a.ts',
  ).length;

describe('what a supported browser lacks', () => {
  it.each([
    "URL.parse('https://example.com')",
    'Promise.try(() => 1)',
    'navigator.keyboard.getLayoutMap()',
    'new CookieStore()',
    'bytes.toBase64()',
    'if (ready) URL.parse(text)',
  ])('is refused: %s', (code) => expect(refused(code)).toBeGreaterThan(0));

  it.each([
    "URL.canParse('https://example.com')",
    'list.toSorted()',
    "if ('keyboard' in navigator) navigator.keyboard.getLayoutMap()",
    'navigator.keyboard?.getLayoutMap?.()',
    "typeof URL.parse === 'function' ? URL.parse(text) : null",
    "function f() { if (!('keyboard' in navigator)) return; navigator.keyboard.getLayoutMap(); }",
    'class URL { static parse() {} }; URL.parse()',
    'this.toBase64()',
  ])('is taken where it is there, is asked for, or is our own: %s', (code) => expect(refused(code)).toBe(0));
});

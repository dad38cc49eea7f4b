import { base32, stepOfCode, totpUri } from './totp-code.js';

/** RFC 6238, appendix B: the secret of SHA-1, and the last six of its eight digits. */
const secret = Buffer.from('12345678901234567890');
const vectors = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const;
const at = (seconds: number) => new Date(seconds * 1000);

describe('a code of an authenticator app', () => {
  it.each(vectors)('of RFC 6238 at %d is %s', (seconds, code) => {
    expect(stepOfCode(secret, code, at(seconds))).toBe(Math.floor(seconds / 30));
  });

  it.each(vectors.slice(1))('at %d is taken one step early and late, and by its own step', (seconds, code) => {
    const step = Math.floor(seconds / 30);
    for (const drift of [-30, 30]) expect(stepOfCode(secret, code, at(seconds + drift))).toBe(step);
    for (const drift of [-90, -61, 61, 90]) expect(stepOfCode(secret, code, at(seconds + drift))).toBeUndefined();
  });

  it('is read as people type it', () => {
    for (const typed of ['005 924', ' 005-924 ', '００５９２４'])
      expect(stepOfCode(secret, typed, at(1_234_567_890))).toBeDefined();
  });

  it.each(['', '00592', '0059244', '005925', '5924', 'abcdef', '005924x', '1e5', '٠٠٥٩٢٤', '0'.repeat(1 << 16)])(
    'is not %j',
    (typed) => {
      expect(stepOfCode(secret, typed, at(1_234_567_890))).toBeUndefined();
    },
  );
});

describe('the secret of an app', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foobar', 'MZXW6YTBOI'],
  ])('is written as RFC 4648 writes %j', (text, written) => {
    expect(base32(Buffer.from(text))).toBe(written);
  });

  it('is scanned with whose it is', () => {
    const uri = new URL(totpUri(secret, 'marta+a@example.test'));
    expect([uri.protocol, uri.searchParams.get('secret'), uri.searchParams.get('issuer')]).toEqual([
      'otpauth:',
      base32(secret),
      'Conclave',
    ]);
    expect(decodeURIComponent(uri.pathname)).toContain('marta+a@example.test');
  });
});

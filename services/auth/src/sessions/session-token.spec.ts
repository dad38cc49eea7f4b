import { looksLikeSessionToken } from './session-token.js';

describe('a session token', () => {
  it('looks like one with its prefix and 256 bits in base64url', () => {
    expect(looksLikeSessionToken(`cnv_ses_${'aB3_-'.repeat(9).slice(0, 43)}`)).toBe(true);
  });

  it.each([
    '',
    'cnv_ses_',
    `cnv_ses_${'a'.repeat(42)}`,
    `cnv_ses_${'a'.repeat(44)}`,
    'cnv_7qk2f-m3xzt',
    'cnv_ses_'.repeat(1 << 17),
  ])('does not look like %.40s, which costs no look into the database', (text) =>
    expect(looksLikeSessionToken(text)).toBe(false),
  );
});

import { chooseNewPassword, readPassword } from './password.js';

const reason = (reason: string) => expect.objectContaining({ reason });

describe('a new password', () => {
  it.each(['longer than 8', 'ååååøøøø', '🦊🦊🦊🦊🦊🦊🦊🐻', 'סיסמה ארוכה', ' spaces count ', 'x'.repeat(256)])(
    'may be %j',
    (typed) => {
      expect(chooseNewPassword(typed)).toBe(typed);
    },
  );

  it.each(['', '1234567', '🦊🦊🦊🦊', 'e\u0308'.repeat(7)])('of fewer than 8 characters (%j) is too short', (typed) => {
    expect(() => chooseNewPassword(typed)).toThrow(reason('PASSWORD_TOO_SHORT'));
  });

  it.each(['password', 'PassWord', '12345678', 'iloveyou', 'qwertyuiop', 'ｐａｓｓｗｏｒｄ'])(
    'as common as %j is refused',
    (typed) => {
      expect(() => chooseNewPassword(typed)).toThrow(reason('PASSWORD_TOO_COMMON'));
    },
  );

  it('has an upper limit, so that nobody hashes a megabyte', () => {
    for (const typed of ['x'.repeat(257), '🦊'.repeat(257), 'x'.repeat(1 << 20)])
      expect(() => chooseNewPassword(typed)).toThrow(reason('INVALID_ARGUMENT'));
  });
});

describe('a password typed as proof', () => {
  it('is the same whichever way a system composes it', () => {
    expect(readPassword('Zoe\u0308 und \ufb01n')).toBe(readPassword('Zo\u00eb und fin'));
  });

  it('may break today’s rules, for it may be older than they', () => {
    expect(readPassword('short')).toBe('short');
  });
});

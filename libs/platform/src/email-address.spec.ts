import { readEmailAddress } from './email-address.js';

describe('an e-mail address', () => {
  it.each([
    ['Marta.Berg@Example.ORG', 'Marta.Berg@example.org', 'marta.berg@example.org'],
    ['  a+b@x.example ', 'a+b@x.example', 'a+b@x.example'],
    ['zoe\u0308@bu\u0308cher.example', 'zo\u00eb@b\u00fccher.example', 'zo\u00eb@xn--bcher-kva.example'],
    ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'],
    ['\uff41@x.example', '\uff41@x.example', 'a@x.example'],
    ["o'neil@sub.domain.example", "o'neil@sub.domain.example", "o'neil@sub.domain.example"],
  ])('%j is kept as %j and is the account of %j', (typed, address, key) => {
    expect(readEmailAddress(typed)).toEqual({ address, key });
  });

  it.each([
    '',
    '@',
    'marta',
    'marta@',
    '@example.org',
    'marta@localhost',
    'marta@127.0.0.1',
    'marta@[127.0.0.1]',
    'a b@example.org',
    'a@b@example.org',
    '.a@example.org',
    'a..b@example.org',
    '"a"@example.org',
    'a\0@example.org',
    'a\u202e@example.org',
    'a\u200b@example.org',
    'a@exam\nple.org',
    'a@exam\u200bple.org',
    'a@-x.example',
    'a@x_y.example',
    `${'a'.repeat(65)}@example.org`,
    `${'ä'.repeat(33)}@example.org`,
    `a@${'b'.repeat(64)}.example`,
    `a@${'b.'.repeat(130)}example`,
    `${'a'.repeat(1 << 20)}@example.org`,
  ])('refuses %j', (typed) => {
    expect(() => readEmailAddress(typed)).toThrow(
      expect.objectContaining({ reason: 'INVALID_ARGUMENT', details: { field: 'email' } }),
    );
  });
});

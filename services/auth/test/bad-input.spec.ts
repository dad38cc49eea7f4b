import { randomUUID } from 'node:crypto';
import { freshAddress, hashesOf, runAuth, signUp, type RunningAuth } from './support/running-auth.js';
import { refusalOf } from './support/refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

const request = (changes: object = {}) => ({
  email: `${randomUUID()}@berg-partner.example`,
  password: 'correct horse battery',
  displayName: 'Marta Berg',
  userAgent: 'Firefox',
  clientAddress: freshAddress(),
  ...changes,
});
const create = (changes: object) => running.gateway.accounts.createAccount(request(changes));

/** Characters that have broken somebody's software. */
const oddText = [
  'a\u0000b',
  'a\r\nSet-Cookie: x',
  '\u202emoc.elgoog',
  '\u2066a\u2069',
  '\u200b\u200b',
  '\u0007',
  '\u2028',
];

describe('what people and programs send', () => {
  it.each([
    [
      'email',
      'INVALID_ARGUMENT',
      ['', ' ', 'x', `${'a'.repeat(5000)}@x.example`, ...oddText.map((text) => `${text}@x.example`)],
    ],
    ['displayName', 'INVALID_ARGUMENT', ['', '  ', 'a'.repeat(81), '🦊'.repeat(5000), ...oddText]],
    ['password', 'PASSWORD_TOO_SHORT', ['', 'seven77', '🦊🦊🦊']],
    ['password', 'PASSWORD_TOO_COMMON', ['password', 'Password', '12345678']],
    ['password', 'INVALID_ARGUMENT', ['x'.repeat(257), 'x'.repeat(100_000)]],
    ['clientAddress', 'INVALID_ARGUMENT', ['x', '1.2.3.4.5', '1.2.3.4\n']],
  ])('as %s is refused with %s where it does not fit, and leaves nothing behind', async (field, reason, values) => {
    const count = async () => (await running.sql.query('select count(*)::int as n from "user"')).rows[0].n as number;
    const before = await count();
    const hashes = await hashesOf(running);
    for (const value of values)
      expect([value, await refusalOf(create({ [field]: value }))]).toEqual([
        value,
        expect.objectContaining({ reason, details: expect.objectContaining({ field }) }),
      ]);
    expect(await count()).toBe(before);
    // Refused before the costly part.
    expect(await hashesOf(running)).toBe(hashes);
  });

  it.each([
    ['email', { email: 'no address' }],
    ['password', { password: '' }],
    ['clientAddress', { clientAddress: 'nowhere' }],
  ])('at sign-in as %s is refused before anything else where it is none', async (field, changes) => {
    const hashes = await hashesOf(running);
    const { email, password, userAgent, clientAddress } = request();
    const call = running.gateway.sessions.createSession({ email, password, userAgent, clientAddress, ...changes });
    expect(await refusalOf(call)).toMatchObject({ reason: 'INVALID_ARGUMENT', details: { field } });
    expect(await hashesOf(running)).toBe(hashes);
  });

  it.each([
    'مرتا برج',
    'מרתה 🦊',
    '👩‍👩‍👧‍👦',
    'Robert\'); drop table "user"; --',
    '<script>alert(1)</script>',
    'ﷺ'.repeat(80),
    '{{7*7}}',
    'null',
  ])('as the name %j is kept as it is', async (displayName) => {
    const { account } = await create({ displayName });
    expect(account?.displayName).toBe(displayName);
  });

  it('as a browser is one plain line', async () => {
    const marta = await signUp(running, { userAgent: `Fire\nfox ${'🦊'.repeat(247)}` });
    const { sessions } = await running.gateway.sessions.listSessions({}, marta.as);
    expect(sessions[0]?.userAgent).toBe(`Fire fox ${'🦊'.repeat(247)}`);
  });

  it('as a password works in every script', async () => {
    const password = 'סיסמה 🦊 ñandú';
    const { email } = await signUp(running, { password });
    const decomposed = password.normalize('NFD');
    await expect(
      running.gateway.sessions.createSession({ email, password: decomposed, clientAddress: freshAddress() }),
    ).resolves.toBeDefined();
  });
});

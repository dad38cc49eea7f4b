import { world } from '../../test/world.js';
import { CreateAccount } from './create-account.js';
import { NewAccounts } from './new-accounts.js';

function setting() {
  const parts = world();
  const { transaction, people, credentials, issue, opening, hasher, check, allowances, audit, clock, ids } = parts;
  const accounts = new NewAccounts(people, credentials, issue, opening, audit);
  const useCase = new CreateAccount(transaction, accounts, hasher, check, allowances, clock, ids);
  const create = (changes: object = {}) =>
    useCase.execute({
      email: 'marta@x.example',
      password: 'correct horse battery',
      displayName: 'Marta Berg',
      userAgent: 'Firefox',
      clientAddress: '198.51.100.7',
      ...changes,
    });
  return { ...parts, create };
}

describe('CreateAccount', () => {
  it('makes person, password, personal token and session together', async () => {
    const { create, people, credentials, tokens, sessions, audit } = setting();
    const { person, personalToken, sessionToken } = await create();
    expect(people.all).toEqual([person]);
    expect(credentials.all).toMatchObject([{ userId: person.id, hash: 'hashed:correct horse battery' }]);
    expect(tokens.all).toMatchObject([{ userId: person.id }]);
    expect(sessions.all).toMatchObject([{ userId: person.id, userAgent: 'Firefox' }]);
    expect(personalToken).toMatch(/^cnv_/);
    expect(sessionToken).toMatch(/^cnv_ses_/);
    expect(audit.actions).toEqual(['sign-up']);
  });

  it('refuses a taken address in every form of it, at the cost of a hash', async () => {
    const { create, hasher } = setting();
    await create();
    await expect(create({ email: 'MARTA@x.example' })).rejects.toMatchObject({
      reason: 'EMAIL_TAKEN',
      details: { field: 'email' },
    });
    expect(hasher.hashes).toBe(2);
  });

  it.each([
    ['email', 'INVALID_ARGUMENT', { email: 'marta' }],
    ['displayName', 'INVALID_ARGUMENT', { displayName: '\u202e' }],
    ['password', 'PASSWORD_TOO_SHORT', { password: 'seven77' }],
    ['password', 'PASSWORD_TOO_COMMON', { password: 'password' }],
    ['password', 'INVALID_ARGUMENT', { password: 'x'.repeat(300) }],
    ['clientAddress', 'INVALID_ARGUMENT', { clientAddress: 'x' }],
  ])('refuses a %s that does not fit with %s, before any hash', async (field, reason, changes) => {
    const { create, hasher, people } = setting();
    await expect(create(changes)).rejects.toMatchObject({ reason, details: { field } });
    expect(hasher.hashes).toBe(0);
    expect(people.all).toEqual([]);
  });

  it('lets any number of people of one network sign up, but not ask for taken addresses without end', async () => {
    const { create } = setting();
    for (let i = 0; i < 50; i++) await create({ email: `p${i}@x.example` });
    for (let i = 0; i < 20; i++)
      await expect(create({ email: `p${i}@x.example` })).rejects.toMatchObject({ reason: 'EMAIL_TAKEN' });
    await expect(create({ email: 'p20@x.example' })).rejects.toMatchObject({ reason: 'RATE_LIMITED' });
    await expect(create({ email: 'new@x.example', clientAddress: '203.0.113.1' })).resolves.toBeDefined();
  });
});

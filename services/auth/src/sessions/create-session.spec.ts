import { world } from '../../test/world.js';
import { PasswordCredential } from '../credentials/password-credential.js';
import { Claimants } from './claimants.js';
import { CreateSession } from './create-session.js';

const home = { userAgent: 'Firefox', clientAddress: '198.51.100.7' };
const elsewhere = { userAgent: 'Firefox', clientAddress: '203.0.113.9' };
const right = 'correct horse battery';

function setting() {
  const parts = world();
  const { transaction, people, credentials, sessions, opening, proof, allowances, audit, metrics, clock } = parts;
  const marta = parts.person({ email: 'marta@x.example' });
  credentials.add(parts.em, PasswordCredential.create({ userId: marta.id, hash: `hashed:${right}`, now: clock.now() }));
  const claimants = new Claimants(transaction, people, credentials, sessions, clock);
  const useCase = new CreateSession(transaction, claimants, proof, allowances, opening, audit, metrics);
  const signIn = (changes: object = {}) =>
    useCase.execute({ email: 'marta@x.example', password: right, ...home, ...changes });
  const guess = (changes: object = {}) =>
    signIn({ password: 'wrong guess', ...changes }).catch((error: unknown) => error);
  return { ...parts, marta, signIn, guess };
}

describe('CreateSession', () => {
  it('opens a session with a token of its own each time', async () => {
    const { signIn, marta, sessions, audit } = setting();
    const first = await signIn({ email: ' MARTA@X.example ' });
    const second = await signIn();
    expect(first.person).toBe(marta);
    expect(first.sessionToken).toMatch(/^cnv_ses_[\w-]{43}$/);
    expect(second.sessionToken).not.toBe(first.sessionToken);
    expect(sessions.all).toHaveLength(2);
    expect(audit.actions).toEqual(['sign-in.succeeded', 'sign-in.succeeded']);
  });

  it('answers an unknown address and a wrong password alike, and pays the same for both', async () => {
    const { signIn, hasher, audit, marta } = setting();
    const wrong = await signIn({ password: 'wrong guess' }).catch((error: unknown) => error);
    const unknown = await signIn({ email: 'nobody@x.example' }).catch((error: unknown) => error);
    expect(wrong).toMatchObject({ reason: 'CREDENTIALS_WRONG', details: {} });
    expect(unknown).toEqual(wrong);
    expect(hasher.verifications).toBe(2);
    expect(audit.events).toEqual([
      { action: 'sign-in.failed', userId: marta.id },
      { action: 'sign-in.failed', userId: undefined },
    ]);
  });

  it.each([
    ['email', { email: 'no address' }],
    ['password', { password: '' }],
    ['clientAddress', { clientAddress: 'nowhere' }],
  ])('refuses a %s that is none before anything else', async (field, changes) => {
    const { signIn, hasher } = setting();
    await expect(signIn(changes)).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT', details: { field } });
    expect(hasher.verifications).toBe(0);
  });

  it('stops looking at passwords after five wrong ones from a strange place, for accounts that exist and that do not', async () => {
    const { guess, hasher } = setting();
    for (const email of ['marta@x.example', 'nobody@x.example']) {
      for (let i = 0; i < 5; i++)
        expect(await guess({ email, ...elsewhere })).toMatchObject({ reason: 'CREDENTIALS_WRONG' });
      expect(await guess({ email, ...elsewhere })).toMatchObject({ reason: 'RATE_LIMITED' });
    }
    expect(hasher.verifications).toBe(10);
  });

  it('lets the owner in from a known device while strangers are throttled', async () => {
    const { signIn, guess } = setting();
    await signIn(home);
    for (let i = 0; i < 100; i++) await guess({ userAgent: 'Firefox', clientAddress: `203.0.113.${i}` });
    await expect(signIn(elsewhere)).rejects.toMatchObject({ reason: 'RATE_LIMITED' });
    await expect(signIn(home)).resolves.toBeDefined();
  });

  it('does not count attempts that a full queue turned away', async () => {
    const { signIn, guess, hasher } = setting();
    hasher.busy = true;
    for (let i = 0; i < 10; i++) expect(await guess()).toMatchObject({ reason: 'BUSY', retryAfterSeconds: 1 });
    hasher.busy = false;
    await expect(signIn()).resolves.toBeDefined();
  });

  it('removes sessions that nobody has used for a month', async () => {
    const { signIn, sessions, clock } = setting();
    await signIn();
    clock.advance(31 * 24 * 3600);
    await signIn();
    expect(sessions.all).toHaveLength(1);
  });
});

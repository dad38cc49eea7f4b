import { randomUUID } from 'node:crypto';
import { freshAddress, runAuth, signUp, type RunningAuth, type SignedUp } from './running-auth.js';
import { reasonOf, refusalOf } from './refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

/** On a machine that does much else, 34 hashes take long: the wait is the caller's, not what these specs are about. */
const patiently = { timeoutMs: 25_000 };

const signIn = (person: Pick<SignedUp, 'email' | 'password'>, changes: object = {}) =>
  running.gateway.sessions.createSession(
    {
      email: person.email,
      password: person.password,
      userAgent: 'Firefox',
      clientAddress: freshAddress(),
      ...changes,
    },
    patiently,
  );

describe('CreateSession', () => {
  it('signs a person in, with a new session beside the one before', async () => {
    const marta = await signUp(running);
    const { account, sessionToken } = await signIn(marta, { email: ` ${marta.email.toUpperCase()} ` });
    expect(account?.id).toBe(marta.id);
    expect(sessionToken).not.toBe(marta.sessionToken);
    for (const token of [sessionToken, marta.sessionToken]) {
      const { userId } = await running.gateway.sessions.resolveSession({ sessionToken: token });
      expect(userId).toBe(marta.id);
    }
  });

  it('keeps throttling after five wrong passwords, on every replica', async () => {
    const marta = await signUp(running);
    await running.replica();
    const clientAddress = freshAddress();
    const reasons: string[] = [];
    for (let i = 0; i < 9; i++) reasons.push(await reasonOf(signIn(marta, { password: 'wrong guess', clientAddress })));
    expect(reasons.slice(0, 5)).toEqual(Array(5).fill('CREDENTIALS_WRONG'));
    expect(reasons.slice(5)).toContain('RATE_LIMITED');
  });

  it('says when to come again, longer each time, and lets the right password in then', async () => {
    const marta = await signUp(running);
    const clientAddress = freshAddress();
    const attempt = (password: string) => signIn(marta, { password, clientAddress });
    for (let i = 0; i < 5; i++) await reasonOf(attempt('wrong guess'));
    const first = await refusalOf(attempt(marta.password));
    expect(first).toMatchObject({ reason: 'RATE_LIMITED', retryAfterSeconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await reasonOf(attempt('wrong guess'));
    expect(await refusalOf(attempt(marta.password))).toMatchObject({ retryAfterSeconds: 2 });
    await new Promise((resolve) => setTimeout(resolve, 2100));
    await expect(attempt(marta.password)).resolves.toMatchObject({ account: { id: marta.id } });
  });

  it('lets the owner in from a known device while the whole world guesses', async () => {
    const home = { clientAddress: freshAddress(), userAgent: 'Firefox at home' };
    const marta = await signUp(running, home);
    for (let i = 0; i < 52; i++) await reasonOf(signIn(marta, { password: `guess ${i}` }));
    expect(await reasonOf(signIn(marta))).toBe('RATE_LIMITED');
    for (let i = 0; i < 5; i++) await reasonOf(signIn(marta, { password: 'a slip of the finger', ...home }));
    await expect(signIn(marta, home)).resolves.toMatchObject({ account: { id: marta.id } });
  });

  it('writes every attempt into the audit trail, those at no account too', async () => {
    const marta = await signUp(running);
    await reasonOf(signIn(marta, { password: 'wrong guess' }));
    await signIn(marta);
    const { rows } = await running.sql.query('select actor, action from audit where subject = $1 order by seq', [
      `user:${marta.id}`,
    ]);
    expect(rows).toEqual([
      { actor: `user:${marta.id}`, action: 'sign-up' },
      { actor: 'anonymous', action: 'sign-in.failed' },
      { actor: `user:${marta.id}`, action: 'sign-in.succeeded' },
    ]);
    const count = async () =>
      (await running.sql.query(`select count(*)::int as n from audit where subject = 'user:unknown'`)).rows[0]
        .n as number;
    const before = await count();
    await reasonOf(signIn({ email: `${randomUUID()}@x.example`, password: 'wrong guess' }));
    expect(await count()).toBe(before + 1);
  });

  it('turns a flood away with BUSY and a time, counts none of that as a guess, and answers afterwards', async () => {
    const people = await Promise.all([signUp(running), signUp(running)]);
    const flood = Array.from({ length: 90 }, (_, i) =>
      refusalOf(signIn({ email: `${randomUUID()}@x.example`, password: `guess ${i}` })),
    );
    const refusals = await Promise.all(flood);
    const reasons = new Set(refusals.map(({ reason }) => reason));
    expect(reasons).toEqual(new Set(['CREDENTIALS_WRONG', 'BUSY']));
    expect(refusals.find(({ reason }) => reason === 'BUSY')?.retryAfterSeconds).toBeGreaterThan(0);
    for (const person of people) await expect(signIn(person)).resolves.toBeDefined();
  });

  it('counts what happened', async () => {
    const { host, port } = running.service.internal;
    const metrics = await (await fetch(`http://${host}:${port}/metrics`)).text();
    for (const outcome of ['ok', 'wrong', 'throttled', 'busy'])
      expect(metrics).toMatch(new RegExp(`auth_login_total\\{method="password",outcome="${outcome}"\\} [1-9]`));
    expect(metrics).toMatch(/auth_lockouts_total [1-9]/);
    expect(metrics).toMatch(/auth_hash_duration_seconds_count [1-9]/);
    expect(metrics).toMatch(/auth_signing_key_age_seconds \d/);
    expect(metrics).toMatch(/auth_token_refresh_total\{outcome="ok"\} [1-9]/);
  });
});

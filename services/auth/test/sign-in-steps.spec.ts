import type { auth } from '@conclave/contracts';
import { forgetProof, forgetSteps, steps, withApp, type WithApp } from './support/factors.js';
import { freshAddress, runAuth, signUp, type RunningAuth, type SignedUp } from './support/running-auth.js';
import { reasonOf, refusalOf } from './support/refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

const begin = ({ email, password }: SignedUp, more: object = {}) =>
  running.gateway.sessions.createSession({ email, password, clientAddress: freshAddress(), ...more });
const take = (challengeToken: string, code: string, more: { step?: auth.SignInStep; deviceToken?: string } = {}) =>
  running.gateway.sessions.takeSignInStep({
    challengeToken,
    step: steps.TOTP,
    code,
    clientAddress: freshAddress(),
    ...more,
  });
const person = async (): Promise<WithApp> => withApp(running, await signUp(running));
const auditOf = async ({ id }: SignedUp) =>
  (await running.sql.query('select actor, action, detail from audit where subject = $1 order by seq', [`user:${id}`]))
    .rows as { actor: string; action: string; detail: Record<string, string> | null }[];

describe('a sign-in with a second factor', () => {
  it('asks for nothing more where there is none', async () => {
    const marta = await signUp(running);
    const answer = await begin(marta);
    expect(answer).toMatchObject({ account: { id: marta.id }, next: [], challengeToken: '' });
    expect(answer.sessionToken).toMatch(/^cnv_ses_/);
  });

  it('says what is needed after the password, and gives no session', async () => {
    const marta = await person();
    const answer = await begin(marta);
    expect(answer).toMatchObject({ sessionToken: '', deviceToken: '', next: [steps.TOTP, steps.RECOVERY_CODE] });
    expect(answer.account).toBeUndefined();
    expect(answer.challengeToken).toMatch(/^cnv_step_[A-Za-z0-9_-]{43}$/);
    const { rows } = await running.sql.query('select * from sign_in_challenge');
    expect(JSON.stringify(rows)).not.toContain(answer.challengeToken);
  });

  it('opens the session by a code of the app', async () => {
    const marta = await person();
    const { challengeToken } = await begin(marta);
    const { sessionToken, account } = await take(challengeToken, marta.code());
    expect(account?.id).toBe(marta.id);
    await expect(running.gateway.sessions.resolveSession({ sessionToken })).resolves.toMatchObject({
      userId: marta.id,
    });
    expect((await auditOf(marta)).slice(-2)).toMatchObject([
      { actor: 'anonymous', action: 'sign-in.step-needed' },
      { actor: `user:${marta.id}`, action: 'sign-in.succeeded', detail: { factor: 'totp' } },
    ]);
  });

  it('bears a clock that is one step ahead', async () => {
    const marta = await person();
    for (const step of [0, 1] as const) {
      await forgetSteps(running, marta);
      await expect(take((await begin(marta)).challengeToken, marta.code(step))).resolves.toBeDefined();
    }
  });

  it('opens the session by a recovery code, however it is typed, once', async () => {
    const marta = await person();
    const [first = ''] = marta.recoveryCodes;
    const typed = ` ${first.toUpperCase().replace('-', ' ')} `;
    const step = steps.RECOVERY_CODE;
    await expect(take((await begin(marta)).challengeToken, typed, { step })).resolves.toBeDefined();
    expect(await reasonOf(take((await begin(marta)).challengeToken, typed, { step }))).toBe('FACTOR_WRONG');
    const { recoveryCodesLeft } = await running.gateway.factors.listFactors({}, marta.as);
    expect(recoveryCodesLeft).toBe(9);
  });

  it('goes on after a wrong code, which is on record, and slows down who guesses', async () => {
    const marta = await person();
    const { challengeToken } = await begin(marta);
    const clientAddress = freshAddress();
    const guess = (code: string) =>
      refusalOf(running.gateway.sessions.takeSignInStep({ challengeToken, step: steps.TOTP, code, clientAddress }));
    const reasons: string[] = [];
    for (let i = 0; i < 8; i++) reasons.push((await guess(`00000${i}`)).reason);
    expect(reasons[0]).toBe('FACTOR_WRONG');
    expect(reasons).toContain('RATE_LIMITED');
    const failed = (await auditOf(marta)).filter(({ action }) => action === 'sign-in.failed');
    expect(failed).toHaveLength(reasons.filter((reason) => reason === 'FACTOR_WRONG').length);
    // The owner, from a browser of their own, waits for nobody.
    const { deviceToken } = marta;
    await expect(take(challengeToken, marta.code(), { deviceToken })).resolves.toBeDefined();
  });

  it('ends after five minutes', async () => {
    const marta = await person();
    const { challengeToken, challengeExpiresAt } = await begin(marta);
    expect(Number(challengeExpiresAt?.seconds)).toBeGreaterThan(Date.now() / 1000);
    await running.sql.query(`update sign_in_challenge set expires_at = now() - interval '1 second'`);
    expect(await reasonOf(take(challengeToken, marta.code()))).toBe('SIGN_IN_EXPIRED');
  });
});

describe('a session proven anew', () => {
  const prove = (who: SignedUp, proof: object) => running.gateway.sessions.proveSession(proof, who.as);
  const begins = (who: SignedUp) => running.gateway.factors.beginTotp({ name: 'Phone' }, who.as);

  it('is needed for factors once the sign-in is ten minutes old, and is the password where there is no factor', async () => {
    const marta = await signUp(running);
    await forgetProof(running, marta);
    expect(await refusalOf(begins(marta))).toMatchObject({ reason: 'PROOF_REQUIRED', details: { by: 'password' } });
    expect(await reasonOf(prove(marta, { password: 'wrong guess' }))).toBe('CREDENTIALS_WRONG');
    expect(await reasonOf(begins(marta))).toBe('PROOF_REQUIRED');
    await prove(marta, { password: marta.password });
    await expect(begins(marta)).resolves.toBeDefined();
    expect((await auditOf(marta)).map(({ action }) => action)).toEqual([
      'sign-up',
      'session.proof-failed',
      'session.proven',
    ]);
  });

  it('is a factor where there is one: the password alone is not enough', async () => {
    const marta = await person();
    const remove = () => running.gateway.factors.removeTotp({ id: marta.factorId }, marta.as);
    await forgetProof(running, marta);
    const needed = { reason: 'PROOF_REQUIRED', details: { by: 'totp recovery_code' } };
    expect(await refusalOf(remove())).toMatchObject(needed);
    expect(await refusalOf(prove(marta, { password: marta.password }))).toMatchObject(needed);
    expect(
      await refusalOf(running.gateway.tokens.rotatePersonalToken({ password: marta.password }, marta.as)),
    ).toMatchObject(needed);
    expect(await reasonOf(prove(marta, { totp: '000000' }))).toBe('FACTOR_WRONG');
    await prove(marta, { totp: marta.code() });
    await expect(
      running.gateway.tokens.rotatePersonalToken({ password: marta.password }, marta.as),
    ).resolves.toBeDefined();
    await remove();
    await expect(begin(marta)).resolves.toMatchObject({ account: { id: marta.id } });
  });

  it('is one proof, not none and not two', async () => {
    const marta = await signUp(running);
    for (const proof of [{}, { password: marta.password, totp: '123456' }])
      expect(await reasonOf(prove(marta, proof))).toBe('INVALID_ARGUMENT');
  });
});

describe('factors', () => {
  it('are several, with names, and recovery codes come once, with the first', async () => {
    const marta = await person();
    const again = await withApp(running, marta, 'Tablet of the office');
    expect(marta.recoveryCodes).toHaveLength(10);
    expect(new Set(marta.recoveryCodes).size).toBe(10);
    expect(again.recoveryCodes).toEqual([]);
    const { factors } = await running.gateway.factors.listFactors({}, marta.as);
    expect(factors.map(({ name }) => name)).toEqual(['Phone', 'Tablet of the office']);
    await expect(take((await begin(marta)).challengeToken, again.code())).resolves.toBeDefined();
    await running.gateway.factors.removeTotp({ id: marta.factorId }, marta.as);
    expect((await begin(marta)).next).toEqual([steps.TOTP, steps.RECOVERY_CODE]);
  });

  it('count once the app has shown a right code, and not before', async () => {
    const marta = await signUp(running);
    const { id } = await running.gateway.factors.beginTotp({ name: 'Phone' }, marta.as);
    expect(await reasonOf(running.gateway.factors.confirmTotp({ id, code: '000000' }, marta.as))).toBe('FACTOR_WRONG');
    await expect(begin(marta)).resolves.toMatchObject({ account: { id: marta.id }, next: [] });
    await expect(running.gateway.factors.listFactors({}, marta.as)).resolves.toMatchObject({ factors: [] });
  });

  it('leave nothing behind with the last one', async () => {
    const marta = await person();
    await running.gateway.factors.removeTotp({ id: marta.factorId }, marta.as);
    await expect(begin(marta)).resolves.toMatchObject({ account: { id: marta.id } });
    await expect(running.gateway.factors.listFactors({}, marta.as)).resolves.toMatchObject({ recoveryCodesLeft: 0 });
    expect(await reasonOf(running.gateway.factors.renewRecoveryCodes({}, marta.as))).toBe('CONFLICT');
  });

  it('are ten at most', async () => {
    const marta = await person();
    await running.sql.query(
      `insert into totp_factor select gen_random_uuid(), user_id, name, sealed_secret, 0, confirmed_at, null, now(), now()
         from totp_factor, generate_series(1, 9) where user_id = $1`,
      [marta.id],
    );
    expect(await reasonOf(running.gateway.factors.beginTotp({ name: 'Phone' }, marta.as))).toBe('CONFLICT');
  });

  it('get new recovery codes; the old ones are dead', async () => {
    const marta = await person();
    const { recoveryCodes } = await running.gateway.factors.renewRecoveryCodes({}, marta.as);
    const step = steps.RECOVERY_CODE;
    const { challengeToken } = await begin(marta);
    expect(await reasonOf(take(challengeToken, marta.recoveryCodes[0] ?? '', { step }))).toBe('FACTOR_WRONG');
    await expect(take(challengeToken, recoveryCodes[0] ?? '', { step })).resolves.toBeDefined();
  });

  it('are on record', async () => {
    const marta = await person();
    await running.gateway.factors.renewRecoveryCodes({}, marta.as);
    await running.gateway.factors.removeTotp({ id: marta.factorId }, marta.as);
    expect((await auditOf(marta)).map(({ action }) => action)).toEqual([
      'sign-up',
      'factor.added',
      'factor.recovery-codes-renewed',
      'factor.removed',
    ]);
  });
});

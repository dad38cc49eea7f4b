import { randomBytes } from 'node:crypto';
import { forgetProof, forgetSteps, steps, withApp, type WithApp } from './support/factors.js';
import { freshAddress, runAuth, signUp, type RunningAuth, type SignedUp } from './support/running-auth.js';
import { reasonOf } from './support/refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

const begin = ({ email, password }: SignedUp) =>
  running.gateway.sessions.createSession({ email, password, clientAddress: freshAddress() });
const take = (challengeToken: string, code: string, step = steps.TOTP) =>
  running.gateway.sessions.takeSignInStep({ challengeToken, step, code, clientAddress: freshAddress() });
const person = async (): Promise<WithApp> => withApp(running, await signUp(running));

/** How fifty calls at one moment ended: how many were answered, and the reasons of the others. */
async function outcomes(calls: readonly Promise<unknown>[]): Promise<{ answered: number; reasons: Set<string> }> {
  const settled = await Promise.allSettled(calls);
  const refused = settled.filter((outcome) => outcome.status === 'rejected');
  return {
    answered: settled.length - refused.length,
    reasons: new Set(refused.map(({ reason }) => (reason as { reason: string }).reason)),
  };
}

const fifty = [...Array(50).keys()];

describe('once means once', () => {
  it('for a challenge and its code, fifty times at one moment', async () => {
    const marta = await person();
    const { challengeToken } = await begin(marta);
    const code = marta.code();
    const { answered, reasons } = await outcomes(fifty.map(() => take(challengeToken, code)));
    expect(answered).toBe(1);
    for (const reason of reasons) expect(['SIGN_IN_EXPIRED', 'RATE_LIMITED']).toContain(reason);
    expect(await reasonOf(take(challengeToken, marta.code(1)))).toBe('SIGN_IN_EXPIRED');
  });

  it.each(['totp', 'recovery code'])('for a %s, by many challenges at one moment', async (kind) => {
    const marta = await person();
    const tokens: string[] = [];
    while (tokens.length < 5) tokens.push((await begin(marta)).challengeToken);
    const code = kind === 'totp' ? marta.code() : (marta.recoveryCodes[0] ?? '');
    const step = kind === 'totp' ? steps.TOTP : steps.RECOVERY_CODE;
    const { answered, reasons } = await outcomes(
      fifty.map((index) => take(tokens[index % tokens.length] ?? '', code, step)),
    );
    expect(answered).toBe(1);
    for (const reason of reasons) expect(['FACTOR_WRONG', 'SIGN_IN_EXPIRED', 'RATE_LIMITED']).toContain(reason);
  });

  it('for a code that was used elsewhere, and for those before it', async () => {
    const marta = await person();
    const used = marta.code();
    await running.gateway.sessions.proveSession({ totp: used }, marta.as);
    for (const code of [used, marta.code(-1)])
      expect(await reasonOf(take((await begin(marta)).challengeToken, code))).toBe('FACTOR_WRONG');
  });
});

describe('a half-finished sign-in', () => {
  it('opens nothing: its token is no session, no personal token and no principal', async () => {
    const marta = await person();
    const { challengeToken } = await begin(marta);
    const look = [challengeToken, `cnv_ses_${challengeToken.slice('cnv_step_'.length)}`];
    for (const token of look) {
      expect(await reasonOf(running.gateway.sessions.resolveSession({ sessionToken: token }))).toBe('UNAUTHENTICATED');
      expect(await reasonOf(running.gateway.sessions.resolvePersonalToken({ personalToken: token }))).toBe(
        'UNAUTHENTICATED',
      );
      const as = { principal: token };
      for (const call of [
        running.gateway.factors.listFactors({}, as),
        running.gateway.factors.beginTotp({ name: 'x' }, as),
        running.gateway.sessions.proveSession({ password: marta.password }, as),
        running.gateway.accounts.getAccount({}, as),
      ])
        expect(await reasonOf(call)).toBe('UNAUTHENTICATED');
    }
    const { sessions } = await running.gateway.sessions.listSessions({}, marta.as);
    expect(sessions).toHaveLength(1);
  });

  it('is finished only by its own challenge and its own person’s code', async () => {
    const [marta, ben] = [await person(), await person()];
    const { challengeToken } = await begin(marta);
    const last = challengeToken.at(-1) === 'A' ? 'B' : 'A';
    for (const token of [
      '',
      `cnv_step_${randomBytes(32).toString('base64url')}`,
      challengeToken.slice(0, -1),
      `${challengeToken.slice(0, -1)}${last}`,
      marta.sessionToken,
      marta.deviceToken,
    ])
      expect(await reasonOf(take(token, marta.code()))).toBe('SIGN_IN_EXPIRED');
    expect(await reasonOf(take(challengeToken, ben.code()))).toBe('FACTOR_WRONG');
    expect(await reasonOf(take(challengeToken, ben.recoveryCodes[0] ?? '', steps.RECOVERY_CODE))).toBe('FACTOR_WRONG');
    // A code for one step is none for another.
    expect(await reasonOf(take(challengeToken, marta.recoveryCodes[0] ?? ''))).toBe('FACTOR_WRONG');
    await expect(take(challengeToken, marta.code())).resolves.toMatchObject({ account: { id: marta.id } });
  });

  it('is not there before the password is right', async () => {
    const marta = await person();
    const wrong = running.gateway.sessions.createSession({
      email: marta.email,
      password: 'wrong guess',
      clientAddress: freshAddress(),
    });
    expect(await reasonOf(wrong)).toBe('CREDENTIALS_WRONG');
    const { rows } = await running.sql.query('select 1 from sign_in_challenge where user_id = $1', [marta.id]);
    expect(rows).toHaveLength(0);
  });
});

describe('the factors of a person', () => {
  it('are neither seen, confirmed nor removed by another', async () => {
    const [marta, ben] = [await person(), await person()];
    const { id } = await running.gateway.factors.beginTotp({ name: 'New' }, marta.as);
    expect(await reasonOf(running.gateway.factors.confirmTotp({ id, code: marta.code() }, ben.as))).toBe('NOT_FOUND');
    expect(await reasonOf(running.gateway.factors.removeTotp({ id: marta.factorId }, ben.as))).toBe('NOT_FOUND');
    const { factors } = await running.gateway.factors.listFactors({}, ben.as);
    expect(factors.map(({ id }) => id)).toEqual([ben.factorId]);
  });

  it('are not changed by a personal token, nor by a session that was left open', async () => {
    const marta = await person();
    const { principalToken } = await running.gateway.sessions.resolvePersonalToken({
      personalToken: marta.personalToken,
    });
    await forgetProof(running, marta);
    const changes = (as: { principal: string }) => [
      running.gateway.factors.beginTotp({ name: 'Mine' }, as),
      running.gateway.factors.removeTotp({ id: marta.factorId }, as),
      running.gateway.factors.renewRecoveryCodes({}, as),
    ];
    for (const change of changes({ principal: principalToken }))
      expect(await reasonOf(change)).toBe('PERMISSION_DENIED');
    for (const change of changes(marta.as)) expect(await reasonOf(change)).toBe('PROOF_REQUIRED');
    const proof = running.gateway.sessions.proveSession({ totp: marta.code() }, { principal: principalToken });
    expect(await reasonOf(proof)).toBe('PERMISSION_DENIED');
  });

  it('are proven in one session and count in no other', async () => {
    const marta = await person();
    const { sessionToken } = await take((await begin(marta)).challengeToken, marta.code());
    const { principalToken: principal } = await running.gateway.sessions.resolveSession({ sessionToken });
    await forgetProof(running, marta);
    await forgetSteps(running, marta);
    await running.gateway.sessions.proveSession({ totp: marta.code() }, { principal });
    expect(await reasonOf(running.gateway.factors.renewRecoveryCodes({}, marta.as))).toBe('PROOF_REQUIRED');
    await expect(running.gateway.factors.renewRecoveryCodes({}, { principal })).resolves.toBeDefined();
  });

  it('lie in the database as what opens nothing', async () => {
    const marta = await signUp(running);
    const { secret, id } = await running.gateway.factors.beginTotp({ name: 'Phone' }, marta.as);
    const app = await withApp(running, marta);
    let text = running.logLines();
    for (const table of ['totp_factor', 'recovery_code', 'audit'])
      text += JSON.stringify((await running.sql.query(`select * from ${table}`)).rows);
    for (const canary of [secret, ...app.recoveryCodes]) expect(text).not.toContain(canary);
    // A secret that is copied to somebody else's row does not open there, and lets nobody in.
    const ben = await person();
    await running.sql.query(
      'update totp_factor set sealed_secret = (select sealed_secret from totp_factor where id = $1) where id = $2',
      [ben.factorId, app.factorId],
    );
    expect(await reasonOf(take((await begin(marta)).challengeToken, ben.code()))).toBe('INTERNAL');
    expect(id).not.toBe(app.factorId);
  });
});

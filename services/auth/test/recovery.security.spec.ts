import { randomUUID } from 'node:crypto';
import { steps, withApp } from './support/factors.js';
import { mailTo, runMailingAuth, signUpByMail, tokenIn, type MailingAuth } from './support/mailed.js';
import { reasonOf } from './support/refusal.js';
import { freshAddress, runAuth } from './support/running-auth.js';

let running: MailingAuth;
beforeAll(async () => {
  running = await runMailingAuth();
}, 120_000);

const somebody = () => `${randomUUID()}@berg-partner.example`;
const start = (email: string, changes: object = {}) =>
  running.gateway.recovery.startRecovery({ email, clientAddress: freshAddress(), language: 'en', ...changes });
const finish = (token: string, changes: object = {}) =>
  running.gateway.recovery.finishRecovery({ token, password: 'a wholly new password', ...changes });
const signIn = (email: string, password: string) =>
  running.gateway.sessions.createSession({ email, password, clientAddress: freshAddress() });

/** A person, and the token that was mailed to them. */
async function recovering() {
  const marta = await signUpByMail(running, somebody());
  await start(marta.email);
  return { marta, token: tokenIn((await mailTo(running, marta.email, 2)).text, 'cnv_rec_') };
}

describe('recovery', () => {
  it('sets a new password, ends every session and the personal token, knows no browser any more, and tells the owner', async () => {
    const { marta, token } = await recovering();
    await finish(token);
    expect(await reasonOf(running.gateway.sessions.resolveSession({ sessionToken: marta.sessionToken }))).toBe(
      'UNAUTHENTICATED',
    );
    expect(await reasonOf(running.gateway.sessions.resolvePersonalToken({ personalToken: marta.personalToken }))).toBe(
      'UNAUTHENTICATED',
    );
    expect(await reasonOf(signIn(marta.email, 'correct horse battery'))).toBe('CREDENTIALS_WRONG');
    await expect(signIn(marta.email, 'a wholly new password')).resolves.toMatchObject({ account: { id: marta.id } });
    const { rows } = await running.sql.query('select 1 from known_device where user_id = $1', [marta.id]);
    expect(rows).toHaveLength(1);
    expect((await mailTo(running, marta.email, 3)).subject).toBe('Your password for Conclave was changed');
  });

  it('keeps the personal token of whoever brings it, and refuses a wrong one', async () => {
    const { marta, token } = await recovering();
    const other = await signUpByMail(running, somebody());
    expect(await reasonOf(finish(token, { personalToken: other.personalToken }))).toBe('PERSONAL_TOKEN_WRONG');
    await finish(token, { personalToken: marta.personalToken });
    await expect(
      running.gateway.sessions.resolvePersonalToken({ personalToken: marta.personalToken }),
    ).resolves.toBeDefined();
  });

  it('by one link fifty times at once works once, and the other links of the account are over with it', async () => {
    const { marta, token } = await recovering();
    await start(marta.email);
    const second = tokenIn((await mailTo(running, marta.email, 3)).text, 'cnv_rec_');
    const tries = Array.from({ length: 50 }, (_, i) => finish(token, { password: `a new password ${i}` }));
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const used of [token, second]) expect(await reasonOf(finish(used))).toBe('MAIL_PROOF_OVER');
  }, 60_000);

  it('uses nothing up for a password that is refused, and takes no link that is old or made up', async () => {
    const { marta, token } = await recovering();
    expect(await reasonOf(finish(token, { password: 'short' }))).toBe('PASSWORD_TOO_SHORT');
    expect(await reasonOf(finish(`${token.slice(0, -4)}AAAA`))).toBe('MAIL_PROOF_OVER');
    await running.sql.query(`update recovery set expires_at = now() - interval '1 second' where user_id = $1`, [
      marta.id,
    ]);
    expect(await reasonOf(finish(token))).toBe('MAIL_PROOF_OVER');
  });

  it('answers, writes and throttles alike for an address without an account, and sends it nothing', async () => {
    const { email } = await signUpByMail(running, somebody());
    const unknown = somebody();
    const count = async () => {
      const { rows } = await running.sql.query<{ recovery: number; audit: number }>(
        'select (select count(*)::int from recovery where expires_at > now()) as recovery, (select count(*)::int from audit) as audit',
      );
      return rows[0] ?? { recovery: 0, audit: 0 };
    };
    const series = async (address: string) => {
      const told: unknown[] = [];
      for (let i = 0; i < 7; i++) {
        const before = await count();
        const answer = await start(address).then(
          () => 'heard',
          (error: { reason: string }) => error.reason,
        );
        const after = await count();
        told.push([answer, after.recovery - before.recovery, after.audit - before.audit]);
      }
      return told;
    };
    const known = await series(email);
    expect(known).toEqual(await series(unknown));
    expect(known.slice(0, 5)).toEqual(Array(5).fill(['heard', 1, 1]));
    expect(known.at(-1)).toEqual(['RATE_LIMITED', 0, 0]);
    await running.mailbox.store.waitFor(email, 6);
    expect(running.mailbox.store.list(unknown)).toEqual([]);
  });

  it('is not held up for its owner’s own browser by strangers who have asked before', async () => {
    const marta = await signUpByMail(running, somebody());
    const asked: string[] = [];
    for (let i = 0; i < 6; i++)
      asked.push(
        await start(marta.email).then(
          () => 'heard',
          () => 'RATE_LIMITED',
        ),
      );
    expect(asked.at(-1)).toBe('RATE_LIMITED');
    await expect(start(marta.email, { deviceToken: marta.deviceToken })).resolves.toBeDefined();
  });

  it('proves the address to everybody', async () => {
    const { marta, token } = await recovering();
    await running.sql.query(
      `update "user" set email_verified = true, email_verified_by = 'invitation', email_verified_at = now() where id = $1`,
      [marta.id],
    );
    await finish(token);
    const { rows } = await running.sql.query('select email_verified_by as by from "user" where id = $1', [marta.id]);
    expect(rows).toEqual([{ by: 'mail' }]);
  });
});

describe('recovery of an account with a second factor', () => {
  it('asks for the factor at the next sign-in, and ends those that the password before has begun', async () => {
    const { marta, token } = await recovering();
    const { code } = await withApp(running, marta);
    const before = await signIn(marta.email, 'correct horse battery');
    await finish(token);
    const take = (challengeToken: string) =>
      running.gateway.sessions.takeSignInStep({
        challengeToken,
        step: steps.TOTP,
        code: code(),
        clientAddress: freshAddress(),
      });
    expect(await reasonOf(take(before.challengeToken))).toBe('SIGN_IN_EXPIRED');
    const begun = await signIn(marta.email, 'a wholly new password');
    expect(begun).toMatchObject({ sessionToken: '', deviceToken: '', next: [steps.TOTP, steps.RECOVERY_CODE] });
    await expect(take(begun.challengeToken)).resolves.toMatchObject({ account: { id: marta.id } });
  });
});

describe('recovery by policy', () => {
  it('asks for the personal token besides the link', async () => {
    const strict = await runMailingAuth({ RECOVERY_ASKS_PROOF: 'true' });
    const { email, personalToken } = await signUpByMail(strict, somebody());
    await strict.gateway.recovery.startRecovery({ email, clientAddress: freshAddress() });
    const token = tokenIn((await mailTo(strict, email, 2)).text, 'cnv_rec_');
    const again = (proof: object) =>
      strict.gateway.recovery.finishRecovery({ token, password: 'a wholly new password', ...proof });
    expect(await reasonOf(again({}))).toBe('PERSONAL_TOKEN_REQUIRED');
    await expect(again({ personalToken })).resolves.toBeDefined();
  }, 60_000);

  it('is off where no mail goes out, and says so to everybody alike', async () => {
    const silent = await runAuth();
    expect(await reasonOf(silent.gateway.recovery.startRecovery({ email: somebody() }))).toBe('MAIL_OFF');
  }, 60_000);
});

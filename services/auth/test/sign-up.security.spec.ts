import { randomUUID } from 'node:crypto';
import { auth, common } from '@conclave/contracts';
import {
  askToSignUp,
  codeIn,
  mailTo,
  runMailingAuth,
  signUpByMail,
  tokenIn,
  type MailingAuth,
} from './support/mailed.js';
import { reasonOf, refusalOf } from './support/refusal.js';
import { freshAddress, hashesOf } from './support/running-auth.js';

let running: MailingAuth;
beforeAll(async () => {
  running = await runMailingAuth();
}, 120_000);

const somebody = () => `${randomUUID()}@berg-partner.example`;
const confirm = (proof: object) => running.gateway.accounts.confirmSignUp({ clientAddress: freshAddress(), ...proof });
const people = async (email: string) =>
  (await running.sql.query<{ n: number }>('select count(*)::int as n from "user" where email_key = $1', [email]))
    .rows[0]?.n;
const otherThan = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('a sign-up where mail goes out', () => {
  it('makes no account before the code is typed in the browser that signed up, and then one with a proven address', async () => {
    const email = somebody();
    const asked = await askToSignUp(running, email, { language: 'de-AT,de;q=0.9' });
    expect(asked).toMatchObject({ status: auth.SignUpStatus.CHECK_MAIL, personalToken: '', sessionToken: '' });
    expect(asked.account).toBeUndefined();
    const { subject, text } = await mailTo(running, email);
    expect(subject).toBe('Ihr Code für Conclave');
    expect(await people(email)).toBe(0);
    expect(await reasonOf(running.gateway.sessions.createSession({ email, password: 'correct horse battery' }))).toBe(
      'CREDENTIALS_WRONG',
    );
    const made = await confirm({
      code: ` ${codeIn(text).slice(0, 3)} ${codeIn(text).slice(3)}`,
      signUpToken: asked.signUpToken,
    });
    expect(made.account).toMatchObject({ email, emailVerified: true, emailVerifiedBy: common.AddressProof.MAIL });
    expect(made.personalToken).toMatch(/^cnv_/);
    await expect(running.gateway.sessions.resolveSession({ sessionToken: made.sessionToken })).resolves.toBeDefined();
  });

  it('says, does and costs the same for an address with an account, whose owner is told by mail', async () => {
    const known = await signUpByMail(running, somebody());
    const rowsOf = async (table: string) =>
      Number((await running.sql.query<{ n: string }>(`select count(*) as n from ${table}`)).rows[0]?.n);
    const seen = async (email: string) => {
      const before = [await hashesOf(running), await rowsOf('sign_up'), await rowsOf('audit')];
      const { $unknown: _, signUpToken, ...answer } = await askToSignUp(running, email);
      const after = [await hashesOf(running), await rowsOf('sign_up'), await rowsOf('audit')];
      return { answer, length: signUpToken.length, did: after.map((count, i) => count - (before[i] ?? 0)) };
    };
    expect(await seen(known.email)).toEqual(await seen(somebody()));
    const { subject, text } = await mailTo(running, known.email, 2);
    expect(subject).toBe('You have an account at Conclave already');
    expect(codeIn(text)).toBe('');
  });

  it('gives the code five tries, counted before they are looked at, and none to another browser', async () => {
    const email = somebody();
    const { signUpToken } = await askToSignUp(running, email);
    const code = codeIn((await mailTo(running, email)).text);
    const stranger = await askToSignUp(running, somebody());
    expect(await reasonOf(confirm({ code, signUpToken: '' }))).toBe('MAIL_PROOF_OVER');
    expect(await refusalOf(confirm({ code, signUpToken: stranger.signUpToken }))).toMatchObject({
      reason: 'MAIL_CODE_WRONG',
      details: { attemptsLeft: '4' },
    });
    const wrong = await Promise.all(
      Array.from({ length: 20 }, () => reasonOf(confirm({ code: otherThan(code), signUpToken }))),
    );
    expect(wrong.filter((reason) => reason === 'MAIL_CODE_WRONG').length).toBeLessThanOrEqual(5);
    expect(['MAIL_PROOF_OVER', 'RATE_LIMITED']).toContain(await reasonOf(confirm({ code, signUpToken })));
    expect(await people(email)).toBe(0);
  });

  it('does not let many sign-ups with one address make more guesses than a few', async () => {
    const email = somebody();
    const looks: string[] = [];
    for (let round = 0; round < 4; round++) {
      const { signUpToken } = await askToSignUp(running, email);
      const code = codeIn((await mailTo(running, email, round + 1)).text);
      for (let i = 0; i < 4; i++) looks.push(await reasonOf(confirm({ code: otherThan(code), signUpToken })));
    }
    expect(looks.filter((reason) => reason === 'MAIL_CODE_WRONG')).toHaveLength(10);
    expect(looks.at(-1)).toBe('RATE_LIMITED');
  });

  it('the same code or link, used fifty times at once, makes one account', async () => {
    for (const proofOf of [
      (text: string) => ({ code: codeIn(text) }),
      (text: string) => ({ token: tokenIn(text, 'cnv_sup_') }),
    ]) {
      const email = somebody();
      const { signUpToken } = await askToSignUp(running, email);
      const proof = { ...proofOf((await mailTo(running, email)).text), signUpToken };
      const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => confirm(proof)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await people(email)).toBe(1);
      expect(await reasonOf(confirm(proof))).toBe('MAIL_PROOF_OVER');
    }
  }, 60_000);

  it('asks in another browser than the one that signed up for the password, so that nobody confirms a stranger’s sign-up', async () => {
    const email = somebody();
    await askToSignUp(running, email, { password: 'chosen by a stranger' });
    const token = tokenIn((await mailTo(running, email)).text, 'cnv_sup_');
    expect(await reasonOf(confirm({ token }))).toBe('CREDENTIALS_WRONG');
    expect(await reasonOf(confirm({ token, password: 'what the owner would choose' }))).toBe('CREDENTIALS_WRONG');
    expect(await people(email)).toBe(0);
    await expect(confirm({ token, password: 'chosen by a stranger' })).resolves.toMatchObject({ account: { email } });
  });

  it('is over after an hour', async () => {
    const email = somebody();
    const { signUpToken } = await askToSignUp(running, email);
    const { text } = await mailTo(running, email);
    await running.sql.query(`update sign_up set expires_at = now() - interval '1 second' where email_key = $1`, [
      email,
    ]);
    for (const proof of [
      { code: codeIn(text), signUpToken },
      { token: tokenIn(text, 'cnv_sup_'), signUpToken },
    ])
      expect(await reasonOf(confirm(proof))).toBe('MAIL_PROOF_OVER');
  });

  it('sends a handful of messages to one address, and then waits ever longer, known or not', async () => {
    const known = await signUpByMail(running, somebody());
    const series = async (email: string) => {
      const reasons: string[] = [];
      for (let i = 0; i < 8; i++)
        reasons.push(
          await askToSignUp(running, email).then(
            () => 'sent',
            () => 'RATE_LIMITED',
          ),
        );
      return reasons;
    };
    const waits = [...Array<string>(5).fill('sent'), ...Array<string>(3).fill('RATE_LIMITED')];
    expect(await series(known.email)).toEqual(waits);
    const unknown = somebody();
    expect(await series(unknown)).toEqual(waits);
    expect(await running.mailbox.store.waitFor(unknown, 5)).toHaveLength(5);
  });

  it('leaves no code, no link and no address in the rows or in the log', async () => {
    const email = `canary-${somebody()}`;
    const { signUpToken } = await askToSignUp(running, email, { displayName: 'canary name' });
    const { text } = await mailTo(running, email);
    const { rows } = await running.sql.query("select to_jsonb(s) - 'email' - 'email_key' as s from sign_up s");
    const kept = JSON.stringify(rows);
    for (const secret of [tokenIn(text, 'cnv_sup_'), signUpToken]) {
      expect(kept).not.toContain(secret);
      expect(running.logLines()).not.toContain(secret);
    }
    expect(running.logLines()).not.toContain('canary');
  });

  it('carries no text of whoever signed up to the owner of the address', async () => {
    const email = somebody();
    await askToSignUp(running, email, { displayName: 'Win at casino.example' });
    const [mail] = await running.mailbox.store.waitFor(email);
    expect(JSON.stringify(mail)).not.toContain('casino');
  });
});

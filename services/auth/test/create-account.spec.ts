import { randomUUID } from 'node:crypto';
import { timestampDate } from '@conclave/contracts';
import { Clock } from '@conclave/platform';
import { holdClock } from '@conclave/testing';
import { TokenDigest } from '../src/credentials/token-digest.js';
import { provokedErrors } from './support/provoked-errors.js';
import { freshAddress, hashesOf, runAuth, signUp, type RunningAuth } from './support/running-auth.js';
import { reasonOf, refusalOf } from './support/refusal.js';

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
const create = (changes: object = {}) => running.gateway.accounts.createAccount(request(changes));

describe('CreateAccount', () => {
  it('gives account, personal token and a session that works', async () => {
    const before = Date.now();
    const made = await create({ email: 'Marta.Berg@BERG-partner.Example' });

    expect(made.account).toMatchObject({
      email: 'Marta.Berg@berg-partner.example',
      emailVerified: false,
      displayName: 'Marta Berg',
    });
    const createdAt = made.account?.createdAt ? timestampDate(made.account.createdAt).getTime() : 0;
    expect(createdAt).toBeGreaterThanOrEqual(before);
    expect(createdAt).toBeLessThanOrEqual(Date.now());
    expect(made.personalToken).toMatch(/^cnv_([2-9a-z0]{5}-){10}[2-9a-z0]{2}$/);
    expect(made.sessionToken).toMatch(/^cnv_ses_[\w-]{43}$/);
    const { userId } = await running.gateway.sessions.resolveSession({ sessionToken: made.sessionToken });
    expect(userId).toBe(made.account?.id);
  });

  it('makes one person of a call that comes again under its key, with the same secrets, also at once', async () => {
    const email = `${randomUUID()}@again.example`;
    const fields = request({ email });
    const options = { idempotencyKey: randomUUID() };
    const again = () => running.gateway.accounts.createAccount(fields, options);
    const made = await Promise.all([again(), again(), again()]);
    made.push(await again());
    expect(new Set(made.map(({ personalToken, sessionToken }) => `${personalToken} ${sessionToken}`)).size).toBe(1);
    const { rows } = await running.sql.query('select count(*)::int as n from "user" where email_key = $1', [email]);
    expect(rows).toEqual([{ n: 1 }]);
    const other = running.gateway.accounts.createAccount({ ...fields, displayName: 'Other' }, options);
    expect(await reasonOf(other)).toBe('CONFLICT');
    const kept = await running.sql.query('select i::text as row from idempotency i');
    expect(JSON.stringify(kept.rows)).not.toContain(Buffer.from(made[0]?.personalToken ?? '-').toString('hex'));
  });

  it('that was refused is not remembered under its key', async () => {
    const options = { idempotencyKey: randomUUID() };
    const short = request({ password: 'short' });
    expect(await reasonOf(running.gateway.accounts.createAccount(short, options))).toBe('PASSWORD_TOO_SHORT');
    const taken = request();
    await running.gateway.accounts.createAccount(taken);
    const key = { idempotencyKey: randomUUID() };
    for (let i = 0; i < 2; i++)
      expect(await reasonOf(running.gateway.accounts.createAccount(taken, key))).toBe('EMAIL_TAKEN');
  });

  it('takes an address once, whatever its case and form, and a taken one costs a hash as a free one does', async () => {
    await create({ email: 'once@bücher.example' });
    const before = await hashesOf(running);
    for (const email of ['ONCE@bücher.example', ' once@BÜCHER.example ', 'once@xn--bcher-kva.example']) {
      expect(await refusalOf(create({ email }))).toMatchObject({ reason: 'EMAIL_TAKEN', details: { field: 'email' } });
    }
    expect(await hashesOf(running)).toBe(before + 3);
  });

  it('lets one of many at the same moment have the address, and leaves nothing of the others', async () => {
    const email = `${randomUUID()}@race.example`;
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => create({ email })));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { rows } = await running.sql.query('select count(*)::int as n from "user" where email_key = $1', [email]);
    expect(rows).toEqual([{ n: 1 }]);
    const orphans = await running.sql.query(
      'select count(*)::int as n from personal_token t left join "user" u on u.id = t.user_id where u.id is null',
    );
    expect(orphans.rows).toEqual([{ n: 0 }]);
  });

  it('asks the database for nothing that it must refuse: what it refuses, it writes into its log', async () => {
    const provoked = await provokedErrors(running.service);
    const email = `${randomUUID()}@quiet.example`;
    const made = await Promise.allSettled(Array.from({ length: 4 }, () => create({ email })));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await reasonOf(create({ email }))).toBe('EMAIL_TAKEN');
    expect(provoked).toEqual([]);
  });

  it('keeps neither password nor token, only what is made of them', async () => {
    const person = await signUp(running);
    const { rows } = await running.sql.query(
      `select c.hash, encode(t.digest, 'escape') as digest, encode(s.token_digest, 'escape') as session,
              encode(s.token_digest, 'hex') as session_digest
         from password_credential c join personal_token t using (user_id) join session s using (user_id)
        where user_id = $1`,
      [person.id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0].hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const digest = new TokenDigest(running.config).of(person.sessionToken);
    expect(rows[0].session_digest).toBe(digest.toString('hex'));
    const stored = JSON.stringify(rows);
    for (const secret of [person.password, person.personalToken, person.sessionToken])
      expect(stored).not.toContain(secret);
  });

  it('writes the sign-up into the audit trail', async () => {
    const person = await signUp(running);
    const { rows } = await running.sql.query('select actor, action, detail from audit where subject = $1', [
      `user:${person.id}`,
    ]);
    expect(rows).toEqual([{ actor: `user:${person.id}`, action: 'sign-up', detail: { sessionId: person.sessionId } }]);
  });

  it('lets any number of people of one network sign up', async () => {
    const clientAddress = freshAddress();
    for (let i = 0; i < 25; i++) await create({ clientAddress });
  });

  it('slows down an address that asks for taken accounts again and again, and nobody else', async () => {
    const { email } = await signUp(running);
    const clientAddress = freshAddress();
    const reasons: string[] = [];
    const clock = holdClock(running.service.app.get(Clock));
    for (let i = 0; i < 22; i++) reasons.push(await reasonOf(create({ email, clientAddress })));
    clock.release();
    expect(reasons.slice(0, 20)).toEqual(Array(20).fill('EMAIL_TAKEN'));
    expect(reasons).toContain('RATE_LIMITED');
    await expect(create()).resolves.toMatchObject({ account: { displayName: 'Marta Berg' } });
  });
});

import { randomUUID } from 'node:crypto';
import { Clock, Ids, SystemClock } from '@conclave/platform';
import { holdClock, type HeldClock } from '@conclave/testing';
import { feedWith, freshAddress, runAuth, signUp, type RunningAuth, type SignedUp } from './support/running-auth.js';
import { reasonOf, refusalOf } from './support/refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

// Waits of seconds are what many of these are about: no machine may be too slow for one, nor need it sit one out.
let clock: HeldClock;
beforeEach(() => (clock = holdClock(running.service.app.get(Clock))));
afterEach(() => clock.release());

const signIn = (person: Pick<SignedUp, 'email' | 'password'>, changes: object = {}) =>
  running.gateway.sessions.createSession({
    email: person.email,
    password: person.password,
    userAgent: 'Firefox',
    clientAddress: freshAddress(),
    ...changes,
  });

describe('CreateSession', () => {
  it('signs a person in, with a new session beside the one before', async () => {
    const marta = await signUp(running);
    const { account, sessionToken } = await signIn(marta, { email: ` ${marta.email.toUpperCase()} ` });
    expect(account?.id).toBe(marta.id);
    expect(sessionToken).toMatch(/^cnv_ses_[\w-]{43}$/);
    expect(sessionToken).not.toBe(marta.sessionToken);
    for (const token of [sessionToken, marta.sessionToken]) {
      const { userId } = await running.gateway.sessions.resolveSession({ sessionToken: token });
      expect(userId).toBe(marta.id);
    }
  });

  it('keeps throttling after five wrong passwords, on every replica', async () => {
    const marta = await signUp(running);
    const replica = await running.replica();
    const held = holdClock(replica.app.get(Clock));
    const clientAddress = freshAddress();
    const reasons: string[] = [];
    for (let i = 0; i < 9; i++) reasons.push(await reasonOf(signIn(marta, { password: 'wrong guess', clientAddress })));
    held.release();
    await replica.close();
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
    clock.advance(1.1);
    await reasonOf(attempt('wrong guess'));
    expect(await refusalOf(attempt(marta.password))).toMatchObject({ retryAfterSeconds: 2 });
    clock.advance(2.1);
    await expect(attempt(marta.password)).resolves.toMatchObject({ account: { id: marta.id } });
  });

  it('lets the owner in from a known device, wherever it is, while the whole world guesses', async () => {
    const marta = await signUp(running);
    const home = { deviceToken: marta.deviceToken };
    for (let i = 0; i < 52; i++) await reasonOf(signIn(marta, { password: `guess ${i}` }));
    expect(await reasonOf(signIn(marta))).toBe('RATE_LIMITED');
    for (let i = 0; i < 5; i++) await reasonOf(signIn(marta, { password: 'a slip of the finger', ...home }));
    await expect(signIn(marta, home)).resolves.toMatchObject({ account: { id: marta.id } });
  });

  it('gives whoever copies address and browser of the owner no more guesses than a stranger', async () => {
    const home = { clientAddress: freshAddress(), userAgent: 'Firefox at home' };
    const marta = await signUp(running, home);
    const invented = `cnv_dev_${'A'.repeat(43)}`;
    const { deviceToken: foreign } = await signUp(running, home);
    const reasons: string[] = [];
    for (let i = 0; i < 12; i++) {
      const deviceToken = ['', invented, foreign][i % 3] ?? '';
      reasons.push(await reasonOf(signIn(marta, { password: `guess ${i}`, ...home, deviceToken })));
    }
    expect(reasons.filter((reason) => reason === 'CREDENTIALS_WRONG').length).toBeLessThanOrEqual(6);
    expect(reasons.at(-1)).toBe('RATE_LIMITED');
  });

  it('knows a browser by a new token after every sign-in, for everybody who shares it', async () => {
    const [marta, ben] = [await signUp(running), await signUp(running)];
    const known = async (person: typeof marta, deviceToken: string) => {
      const clientAddress = freshAddress();
      for (let i = 0; i < 6; i++)
        await reasonOf(signIn(person, { password: 'wrong guess', clientAddress, deviceToken }));
      return (
        (await reasonOf(signIn(person, { password: 'wrong guess', clientAddress, deviceToken }))) !== 'RATE_LIMITED'
      );
    };
    const { deviceToken } = await signIn(ben, { deviceToken: marta.deviceToken });
    expect(deviceToken).toMatch(/^cnv_dev_[A-Za-z0-9_-]{43}$/);
    expect(deviceToken).not.toBe(marta.deviceToken);
    // One that was planted before, or stolen, is worth nothing any more.
    expect(await known(marta, marta.deviceToken)).toBe(false);
    expect([await known(marta, deviceToken), await known(ben, deviceToken)]).toEqual([true, true]);
    const { rows } = await running.sql.query('select * from known_device');
    expect(JSON.stringify(rows)).not.toContain(deviceToken);
  });

  it('ends the session that the browser had until now, whoever’s it was, and tells of it', async () => {
    const [marta, ben] = [await signUp(running), await signUp(running)];
    await reasonOf(signIn(ben, { password: 'wrong guess', formerSessionToken: marta.sessionToken }));
    const live = (sessionToken: string) =>
      running.gateway.sessions.resolveSession({ sessionToken }).then(
        () => 'live',
        (error: { reason: string }) => error.reason,
      );
    expect(await live(marta.sessionToken)).toBe('live');
    const { sessionToken } = await signIn(ben, { formerSessionToken: marta.sessionToken });
    expect([await live(marta.sessionToken), await live(sessionToken), await live(ben.sessionToken)]).toEqual([
      'UNAUTHENTICATED',
      'live',
      'live',
    ]);
    const told = await feedWith(running, (events) => events.some(({ payload }) => payload['userId'] === marta.id));
    expect(told).toContainEqual({
      type: 'session.revoked',
      payload: { userId: marta.id, sessionIds: [marta.sessionId] },
    });
    const { rows } = await running.sql.query('select action from audit where subject = $1 order by seq', [
      `user:${marta.id}`,
    ]);
    expect(rows.map(({ action }) => action)).toEqual(['sign-up', 'sign-out']);
    const again = await signUp(running, { formerSessionToken: sessionToken });
    expect([await live(sessionToken), await live(again.sessionToken)]).toEqual(['UNAUTHENTICATED', 'live']);
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
    const counted = async () =>
      (await running.sql.query('select coalesce(sum(attempts), 0)::int as n from attempt')).rows[0].n as number;
    const before = await counted();
    const flood = Array.from({ length: 90 }, (_, i) =>
      refusalOf(signIn({ email: `${randomUUID()}@x.example`, password: `guess ${i}` })),
    );
    const refusals = await Promise.all(flood);
    const wrong = refusals.filter(({ reason }) => reason === 'CREDENTIALS_WRONG').length;
    // Each wrong one is counted twice, by network and by account; those that nobody looked at not at all.
    expect((await counted()) - before).toBe(2 * wrong);
    const reasons = new Set(refusals.map(({ reason }) => reason));
    expect(reasons).toEqual(new Set(['CREDENTIALS_WRONG', 'BUSY']));
    expect(refusals.find(({ reason }) => reason === 'BUSY')?.retryAfterSeconds).toBeGreaterThan(0);
    for (const person of people) await expect(signIn(person)).resolves.toBeDefined();
  });

  it('removes sessions that nobody has used for a month', async () => {
    const marta = await signUp(running);
    await running.sql.query(`update session set last_seen_at = now() - interval '31 days' where user_id = $1`, [
      marta.id,
    ]);
    await signIn(marta);
    const { rows } = await running.sql.query('select id from session where user_id = $1', [marta.id]);
    expect(rows).toHaveLength(1);
    expect(rows[0].id).not.toBe(marta.sessionId);
  });

  it('ends the oldest session where there would be more than a hundred, and says so', async () => {
    const marta = await signUp(running);
    const ids = new Ids(new SystemClock());
    const others = Array.from({ length: 99 }, () => ids.uuidv7());
    await running.sql.query(
      `insert into session (id, user_id, token_digest, user_agent, client_address, last_seen_at, expires_at)
       select other, $1, sha256(other::text::bytea), 'Firefox', '', now(), now() + interval '1 day' from unnest($2::uuid[]) as other`,
      [marta.id, others],
    );
    await signIn(marta);
    const { rows } = await running.sql.query(
      'select id, ended_at is null as live from session where user_id = $1 order by id',
      [marta.id],
    );
    expect(rows.filter(({ live }: { live: boolean }) => live)).toHaveLength(100);
    expect(rows[0]).toEqual({ id: marta.sessionId, live: false });
    const revoked = { userId: marta.id, sessionIds: [marta.sessionId] };
    const told = await feedWith(running, (events) => events.some(({ payload }) => payload['userId'] === marta.id));
    expect(told.map(({ payload }) => payload)).toContainEqual(revoked);
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

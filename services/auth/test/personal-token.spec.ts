import { broadcasts, common, fromBinary } from '@conclave/contracts';
import { Clock } from '@conclave/platform';
import { holdClock } from '@conclave/testing';
import { feedWith, runAuth, signUp, type RunningAuth, type SignedUp } from './support/running-auth.js';
import { reasonOf, refusalOf } from './support/refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

const resolve = (personalToken: string) => running.gateway.sessions.resolvePersonalToken({ personalToken });
const rotate = ({ as }: SignedUp, password: string) => running.gateway.tokens.rotatePersonalToken({ password }, as);
const verify = ({ as }: SignedUp, personalToken: string) =>
  running.rooms.tokens.verifyPersonalToken({ personalToken }, as);

describe('ResolvePersonalToken', () => {
  it('stands for the person without a session', async () => {
    const marta = await signUp(running);
    const { principalToken, userId } = await resolve(marta.personalToken);
    expect(userId).toBe(marta.id);
    const { account } = await running.gateway.accounts.getAccount({}, { principal: principalToken });
    expect(account?.id).toBe(marta.id);
    expect(JSON.parse(Buffer.from(principalToken.split('.')[1] ?? '', 'base64url').toString())).not.toHaveProperty(
      'sid',
    );
    // There is no session behind it to end.
    expect(await reasonOf(running.gateway.sessions.endSession({}, { principal: principalToken }))).toBe('NOT_FOUND');
  });

  it('reads it however it was copied', async () => {
    const marta = await signUp(running);
    const { userId } = await resolve(` ${marta.personalToken.toUpperCase().replaceAll('-', '\n')} `);
    expect(userId).toBe(marta.id);
  });

  it.each(['', 'cnv_', 'cnv_ses_x', 'Bearer x', 'cnv_7qk2f-m3xzt', 'x'.repeat(260)])(
    'does not know %j',
    async (token) => {
      expect(await reasonOf(resolve(token))).toBe('UNAUTHENTICATED');
    },
  );
});

describe('VerifyPersonalToken', () => {
  it('proves the caller’s own and no other', async () => {
    const [marta, ben] = [await signUp(running), await signUp(running)];
    await expect(verify(marta, marta.personalToken)).resolves.toBeDefined();
    await expect(verify(marta, marta.personalToken.replaceAll('-', ''))).resolves.toBeDefined();
    for (const token of [ben.personalToken, marta.sessionToken, '', 'cnv_', 'Bearer x', 'x'.repeat(256)])
      expect(await reasonOf(verify(marta, token))).toBe('PERSONAL_TOKEN_WRONG');
  });
});

describe('RotatePersonalToken', () => {
  it('gives a new one for the password; the old one is dead when the answer comes, on every replica', async () => {
    const marta = await signUp(running);
    await running.replica();
    const { personalToken } = await rotate(marta, marta.password);
    expect(personalToken).not.toBe(marta.personalToken);
    for (let i = 0; i < 10; i++) {
      expect(await reasonOf(resolve(marta.personalToken))).toBe('UNAUTHENTICATED');
      expect(await reasonOf(verify(marta, marta.personalToken))).toBe('PERSONAL_TOKEN_WRONG');
    }
    await expect(resolve(personalToken)).resolves.toMatchObject({ userId: marta.id });
    await expect(resolve((await signUp(running)).personalToken)).resolves.toBeDefined();
  });

  it('announces the end of the old one as that of a session, by the id that its calls carried', async () => {
    const marta = await signUp(running);
    const before = await resolve(marta.personalToken);
    expect(JSON.parse(Buffer.from(before.principalToken.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      cid: before.credentialId,
    });
    const broadcast = running.raw.subscribe(broadcasts.credentialRevoked, { max: 1 });
    await running.raw.flush();
    const { personalToken } = await rotate(marta, marta.password);
    expect((await resolve(personalToken)).credentialId).not.toBe(before.credentialId);
    const revoked = { userId: marta.id, sessionIds: [before.credentialId] };
    for await (const { data } of broadcast)
      expect(fromBinary(common.SessionRevokedSchema, data)).toMatchObject(revoked);
    const told = await feedWith(running, (events) => events.some(({ payload }) => payload['userId'] === marta.id));
    expect(told.filter(({ payload }) => payload['userId'] === marta.id)).toMatchObject([
      { type: 'session.revoked', payload: revoked },
    ]);
  });

  it('leaves the old one alive when the password is wrong, and slows down who keeps guessing', async () => {
    const marta = await signUp(running);
    expect(await refusalOf(rotate(marta, 'wrong guess'))).toMatchObject({ reason: 'CREDENTIALS_WRONG' });
    await expect(resolve(marta.personalToken)).resolves.toBeDefined();
    const reasons: string[] = [];
    const clock = holdClock(running.service.app.get(Clock));
    for (let i = 0; i < 6; i++) reasons.push(await reasonOf(rotate(marta, 'wrong guess')));
    clock.release();
    expect(reasons).toContain('RATE_LIMITED');
    // Those that were looked at are on record, the first one too; who waits gets no look.
    const looks = reasons.filter((reason) => reason === 'CREDENTIALS_WRONG').length + 1;
    const { rows } = await running.sql.query(
      `select 1 from audit where subject = $1 and action = 'personal-token.rotation-failed'`,
      [`user:${marta.id}`],
    );
    expect(rows).toHaveLength(looks);
    await expect(resolve(marta.personalToken)).resolves.toBeDefined();
  });

  it('of the same token at the same moment leaves exactly one that works', async () => {
    const marta = await signUp(running);
    const rotations = await Promise.all([rotate(marta, marta.password), rotate(marta, marta.password)]);
    const outcomes = await Promise.allSettled(rotations.map(({ personalToken }) => resolve(personalToken)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is on record', async () => {
    const marta = await signUp(running);
    await reasonOf(rotate(marta, 'wrong guess'));
    await rotate(marta, marta.password);
    const { rows } = await running.sql.query('select action from audit where subject = $1 order by seq', [
      `user:${marta.id}`,
    ]);
    expect(rows.map(({ action }: { action: string }) => action)).toEqual([
      'sign-up',
      'personal-token.rotation-failed',
      'personal-token.rotated',
    ]);
  });
});

import { decodeJwt } from './support/jwt.js';
import { runAuth, signUp, type RunningAuth } from './support/running-auth.js';
import { reasonOf } from './support/refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth({ SESSION_IDLE_SECONDS: '3600', SESSION_ABSOLUTE_SECONDS: '86400' });
}, 120_000);

const resolve = (sessionToken: string) => running.gateway.sessions.resolveSession({ sessionToken });
const change = (id: string, assignment: string) =>
  running.sql.query(`update session set ${assignment} where id = $1`, [id]);

describe('ResolveSession', () => {
  it('gives a principal token that other calls accept', async () => {
    const marta = await signUp(running);
    const { principalToken, userId, sessionId } = await resolve(marta.sessionToken);
    expect({ userId, sessionId }).toEqual({ userId: marta.id, sessionId: marta.sessionId });
    expect(decodeJwt(principalToken).payload).toMatchObject({
      sub: marta.id,
      sid: marta.sessionId,
      name: marta.displayName,
      email: marta.email,
      email_verified: false,
    });
    const { account } = await running.gateway.accounts.getAccount({}, { principal: principalToken });
    expect(account?.id).toBe(marta.id);
  });

  it('notes the last use, to the minute, and only forwards', async () => {
    const marta = await signUp(running);
    await change(marta.sessionId, `last_seen_at = now() - interval '10 minutes'`);
    await Promise.all([resolve(marta.sessionToken), resolve(marta.sessionToken)]);
    const { rows } = await running.sql.query(
      `select extract(second from last_seen_at)::float8 as seconds, last_seen_at > now() - interval '2 minutes' as fresh
         from session where id = $1`,
      [marta.sessionId],
    );
    expect(rows).toEqual([{ seconds: 0, fresh: true }]);
  });

  it('writes the last use at most once a minute', async () => {
    const marta = await signUp(running);
    const read = async () =>
      (
        await running.sql.query(
          'select xmin::text as version, last_seen_at::text as minute from session where id = $1',
          [marta.sessionId],
        )
      ).rows[0] as { version: string; minute: string };
    for (let i = 0; i < 3; i++) {
      const before = await read();
      await resolve(marta.sessionToken);
      const after = await read();
      expect(after.version === before.version).toBe(after.minute === before.minute);
    }
  });

  it('stays alive while it is used', async () => {
    const marta = await signUp(running);
    for (let i = 0; i < 3; i++) {
      await change(marta.sessionId, `last_seen_at = now() - interval '50 minutes'`);
      await expect(resolve(marta.sessionToken)).resolves.toMatchObject({ sessionId: marta.sessionId });
    }
  });

  it.each([
    ['nobody used for the idle time', `last_seen_at = now() - interval '61 minutes'`],
    ['is past its absolute end', `expires_at = now() - interval '1 second'`],
    ['was ended', `ended_at = now()`],
  ])('does not know a session that %s', async (_what, assignment) => {
    const marta = await signUp(running);
    await change(marta.sessionId, assignment);
    expect(await reasonOf(resolve(marta.sessionToken))).toBe('UNAUTHENTICATED');
  });

  it('does not know a session whose row or person is gone', async () => {
    const [marta, ben] = [await signUp(running), await signUp(running)];
    await running.sql.query('delete from session where id = $1', [marta.sessionId]);
    await running.sql.query('delete from "user" where id = $1', [ben.id]);
    for (const { sessionToken } of [marta, ben]) expect(await reasonOf(resolve(sessionToken))).toBe('UNAUTHENTICATED');
  });

  it('survives a restart of the service: nothing that matters is in memory', async () => {
    const marta = await signUp(running);
    const replica = await running.replica();
    await running.service.close();
    await expect(resolve(marta.sessionToken)).resolves.toMatchObject({ userId: marta.id });
    await replica.close();
    expect(await reasonOf(resolve(marta.sessionToken))).toBe('UNAVAILABLE');
  });
});

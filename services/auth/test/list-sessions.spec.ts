import { timestampDate } from '@conclave/contracts';
import { freshAddress, runAuth, signUp, type RunningAuth } from './support/running-auth.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

describe('ListSessions', () => {
  it('shows the live sessions of the caller, newest first, and which one it is', async () => {
    const before = Date.now();
    const marta = await signUp(running, { userAgent: 'Firefox' });
    await signUp(running);
    const { email, password } = marta;
    const signIn = (userAgent: string) =>
      running.gateway.sessions.createSession({ email, password, userAgent, clientAddress: freshAddress() });
    await signIn('Safari');
    const { sessionToken } = await signIn('Chrome');
    const { principalToken, sessionId } = await running.gateway.sessions.resolveSession({ sessionToken });
    await running.sql.query(`update session set ended_at = now() where user_agent = 'Safari'`);

    const { sessions } = await running.gateway.sessions.listSessions({}, { principal: principalToken });
    expect(sessions).toMatchObject([
      { id: sessionId, userAgent: 'Chrome', current: true },
      { id: marta.sessionId, userAgent: 'Firefox', current: false },
    ]);
    for (const { createdAt, lastSeenAt } of sessions) {
      expect(createdAt && timestampDate(createdAt).getTime()).toBeGreaterThanOrEqual(before);
      expect(lastSeenAt && timestampDate(lastSeenAt).getSeconds()).toBe(0);
    }
  });

  it('shows all of them with none current to a caller with a personal token', async () => {
    const marta = await signUp(running);
    const { principalToken } = await running.gateway.sessions.resolvePersonalToken({
      personalToken: marta.personalToken,
    });
    const { sessions } = await running.gateway.sessions.listSessions({}, { principal: principalToken });
    expect(sessions).toMatchObject([{ id: marta.sessionId, current: false }]);
  });
});

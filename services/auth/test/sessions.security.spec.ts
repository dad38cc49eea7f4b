import { randomBytes } from 'node:crypto';
import { freshAddress, runAuth, signUp, type RunningAuth } from './support/running-auth.js';
import { reasonOf } from './support/refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

const resolve = (sessionToken: string) => running.gateway.sessions.resolveSession({ sessionToken });

describe('the session of a person', () => {
  it('is neither seen nor ended by another', async () => {
    const [marta, ben] = [await signUp(running), await signUp(running)];
    const { sessions } = await running.gateway.sessions.listSessions({}, ben.as);
    expect(sessions.map(({ id }) => id)).toEqual([ben.sessionId]);
    expect(await reasonOf(running.gateway.sessions.endSession({ sessionId: marta.sessionId }, ben.as))).toBe(
      'NOT_FOUND',
    );
    await expect(resolve(marta.sessionToken)).resolves.toMatchObject({ userId: marta.id });
  });

  it('is not opened by what looks like its token', async () => {
    const { sessionToken, sessionId, personalToken } = await signUp(running);
    const { rows } = await running.sql.query(
      `select encode(token_digest, 'base64') as digest from session where id = $1`,
      [sessionId],
    );
    const lookAlikes = [
      '',
      sessionToken.slice(0, -1),
      `${sessionToken.slice(0, -1)}${sessionToken.endsWith('A') ? 'B' : 'A'}`,
      sessionToken.toUpperCase(),
      ` ${sessionToken}`,
      sessionToken.slice('cnv_ses_'.length),
      `cnv_ses_${randomBytes(32).toString('base64url')}`,
      `cnv_ses_${(rows[0].digest as string).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`,
      sessionId,
      personalToken,
      `cnv_ses_' or true --`,
      '%',
      '\u0000',
    ];
    for (const token of lookAlikes) expect([token, await reasonOf(resolve(token))]).toEqual([token, 'UNAUTHENTICATED']);
  });

  it('is made anew at each sign-in: a token that somebody planted before is worth nothing', async () => {
    const { email, password, sessionToken } = await signUp(running);
    const made = await Promise.all(
      Array.from({ length: 4 }, () =>
        running.gateway.sessions.createSession({ email, password, clientAddress: freshAddress() }),
      ),
    );
    expect(new Set([sessionToken, ...made.map((session) => session.sessionToken)]).size).toBe(5);
  });

  it('is of no use to whoever stole the database without the pepper', async () => {
    const { sessionToken, personalToken } = await signUp(running);
    const other = await runAuth({ DATABASE_URL: running.database.url, DATABASE_PASSWORD: running.database.password });
    expect(await reasonOf(other.gateway.sessions.resolveSession({ sessionToken }))).toBe('UNAUTHENTICATED');
    expect(await reasonOf(other.gateway.sessions.resolvePersonalToken({ personalToken }))).toBe('UNAUTHENTICATED');
    await expect(resolve(sessionToken)).resolves.toBeDefined();
  });
});

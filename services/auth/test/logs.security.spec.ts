import { freshAddress, runAuth, signUp, type RunningAuth } from './support/running-auth.js';
import { reasonOf } from './support/refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

const canary = 'canary7f3a';

describe('the log', () => {
  it('holds nothing that anybody typed, no secret and no token, when all goes well, when it is refused and when it breaks', async () => {
    const typed = {
      email: `${canary}-mail@berg-partner.example`,
      password: `${canary}-password`,
      displayName: `${canary} Name`,
      userAgent: `${canary}-browser`,
      clientAddress: freshAddress(),
    };
    const marta = await signUp(running, typed);
    const { accounts, sessions, tokens, people, feed } = running.gateway;
    const everything = async () => {
      const odd = `${canary}-odd`;
      await Promise.allSettled([
        accounts.createAccount(typed),
        accounts.createAccount({ ...typed, email: odd }),
        accounts.createAccount({ ...typed, email: `x-${typed.email}`, displayName: `${odd}\u202e` }),
        accounts.updateAccount({ displayName: `${canary} Other` }, marta.as),
        accounts.getAccount({}, { principal: `${canary}.a.b` }),
        sessions.createSession(typed),
        sessions.createSession({ ...typed, password: odd }),
        sessions.createSession({ ...typed, clientAddress: odd }),
        sessions.resolveSession({ sessionToken: marta.sessionToken }),
        sessions.resolveSession({ sessionToken: odd }),
        sessions.resolvePersonalToken({ personalToken: marta.personalToken }),
        sessions.resolvePersonalToken({ personalToken: `cnv_${odd}` }),
        sessions.endSession({ sessionId: odd }, marta.as),
        tokens.rotatePersonalToken({ password: odd }, marta.as),
        running.rooms.tokens.verifyPersonalToken({ personalToken: marta.personalToken }, marta.as),
        people.getPeople({ ids: [odd] }),
        feed.listEvents({ after: odd, limit: 1 }),
      ]);
    };
    await everything();
    // What breaks is logged, with all that a driver likes to quote.
    await running.sql.query('alter table password_credential rename to away');
    await running.sql.query('alter table "user" rename column display_name to gone');
    await everything();
    expect(await reasonOf(sessions.createSession(typed))).toBe('INTERNAL');
    await running.sql.query('alter table away rename to password_credential');
    await running.sql.query('alter table "user" rename column gone to display_name');
    await expect(sessions.createSession(typed)).resolves.toBeDefined();

    const log = running.logLines();
    expect(log).toContain('call failed');
    const { config, nats, database } = running;
    const secrets = [
      canary,
      marta.sessionToken,
      marta.sessionToken.slice(8),
      marta.personalToken,
      marta.personalToken.slice(4, 15),
      marta.as.principal,
      marta.as.principal.split('.')[2] ?? '',
      typed.clientAddress,
      database.password,
      nats.seeds.auth,
      config.TOKEN_PEPPER.toString('base64'),
      'PRIVATE KEY',
      'argon2id',
    ];
    for (const secret of secrets) expect(log).not.toContain(secret);
  });

  it('is spared by the audit trail too, whose chain holds', async () => {
    const { rows } = await running.sql.query('select actor, action, subject, detail::text from audit');
    expect(rows.length).toBeGreaterThan(3);
    expect(JSON.stringify(rows)).not.toContain(canary);
  });
});

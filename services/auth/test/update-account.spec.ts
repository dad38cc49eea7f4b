import { feedWith, runAuth, signUp, type RunningAuth } from './support/running-auth.js';
import { reasonOf, refusalOf } from './support/refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

const rename = (displayName: string, as: { principal: string }) =>
  running.gateway.accounts.updateAccount({ displayName }, as);

describe('UpdateAccount', () => {
  it('renames the caller, for others at once and in the next principal token', async () => {
    const marta = await signUp(running);
    const { account } = await rename('Marta Berg-Lindqvist', marta.as);
    expect(account?.displayName).toBe('Marta Berg-Lindqvist');
    const { people } = await running.rooms.people.getPeople({ ids: [marta.id] });
    expect(people).toMatchObject([{ displayName: 'Marta Berg-Lindqvist' }]);
    const { principalToken } = await running.gateway.sessions.resolveSession({ sessionToken: marta.sessionToken });
    const claims = Buffer.from(principalToken.split('.')[1] ?? '', 'base64url').toString();
    expect(JSON.parse(claims)).toMatchObject({ name: 'Marta Berg-Lindqvist' });
  });

  it('announces it in the feed by id, without the name', async () => {
    const marta = await signUp(running);
    await rename('Canary Name', marta.as);
    const told = await feedWith(running, (events) => events.some(({ payload }) => payload['userId'] === marta.id));
    expect(told.map(({ payload }) => payload)).toContainEqual({ userId: marta.id });
    expect(JSON.stringify(told)).not.toContain('Canary');
  });

  it('announces nothing when the name stays', async () => {
    const marta = await signUp(running);
    await rename(marta.displayName, marta.as);
    await rename('  Zoe\u0308 ', marta.as);
    const mine = ({ payload }: { payload: Readonly<Record<string, unknown>> }) => payload['userId'] === marta.id;
    const told = await feedWith(running, (events) => events.some(mine));
    expect(told.filter(mine)).toHaveLength(1);
    const { account } = await running.gateway.accounts.getAccount({}, marta.as);
    expect(account?.displayName).toBe('Zo\u00eb');
  });

  it('knows nobody whose account is gone', async () => {
    const marta = await signUp(running);
    await running.sql.query('delete from "user" where id = $1', [marta.id]);
    expect(await reasonOf(rename('Marta', marta.as))).toBe('UNAUTHENTICATED');
  });

  it('touches nobody else', async () => {
    const [marta, ben] = [await signUp(running), await signUp(running, { displayName: 'Ben' })];
    await rename('Somebody', marta.as);
    const { account } = await running.gateway.accounts.getAccount({}, ben.as);
    expect(account?.displayName).toBe('Ben');
  });

  it.each(['', '   ', 'a'.repeat(81), 'a\u0000b', '\u202eMarta', '\u200b'])(
    'refuses %j and keeps the old name',
    async (name) => {
      const marta = await signUp(running);
      expect(await refusalOf(rename(name, marta.as))).toMatchObject({
        reason: 'INVALID_ARGUMENT',
        details: { field: 'displayName' },
      });
      const { account } = await running.gateway.accounts.getAccount({}, marta.as);
      expect(account?.displayName).toBe('Marta Berg');
    },
  );
});

import { runAuth, signUp, type RunningAuth } from './support/running-auth.js';
import { reasonOf } from './support/refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

describe('GetAccount', () => {
  it('shows the caller to themselves', async () => {
    const marta = await signUp(running, { displayName: 'מרתה 🦊 ברג' });
    const { account } = await running.gateway.accounts.getAccount({}, marta.as);
    expect(account).toMatchObject({
      id: marta.id,
      email: marta.email,
      emailVerified: false,
      displayName: 'מרתה 🦊 ברג',
    });
  });

  it('needs a person', async () => {
    expect(await reasonOf(running.gateway.accounts.getAccount({}))).toBe('UNAUTHENTICATED');
  });

  it('knows nobody whose account is gone, even while their last principal token lives', async () => {
    const marta = await signUp(running);
    await running.sql.query('delete from "user" where id = $1', [marta.id]);
    expect(await reasonOf(running.gateway.accounts.getAccount({}, marta.as))).toBe('UNAUTHENTICATED');
  });
});

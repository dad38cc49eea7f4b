import { randomUUID } from 'node:crypto';
import { freshAddress, hashesOf, runAuth, signUp, type RunningAuth } from './support/running-auth.js';
import { refusalOf } from './support/refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

const wrongAt = (email: string, clientAddress = freshAddress()) =>
  refusalOf(running.gateway.sessions.createSession({ email, password: 'wrong guess', userAgent: 'x', clientAddress }));
const nobody = () => `${randomUUID()}@berg-partner.example`;

describe('who has an account', () => {
  it('does not show in the answer to a wrong password', async () => {
    const { email } = await signUp(running);
    const before = await hashesOf(running);
    const known = await wrongAt(email);
    expect(known).toEqual({ reason: 'CREDENTIALS_WRONG', details: {}, retryAfterSeconds: undefined });
    expect(await wrongAt(nobody())).toEqual(known);
    // Nor in what it costs: one look at a password each. How long the two take, as a ratio: bench/ratios/a1-unknown-account.mjs.
    expect(await hashesOf(running)).toBe(before + 2);
  });

  it('does not show in when and how long a throttle sets in', async () => {
    const { email } = await signUp(running);
    const series = async (address: string) => {
      const clientAddress = freshAddress();
      const refusals = [];
      for (let i = 0; i < 8; i++) refusals.push(await wrongAt(address, clientAddress));
      return refusals;
    };
    const [known, unknown] = [await series(email), await series(nobody())];
    expect(known.slice(0, 6)).toEqual(unknown.slice(0, 6));
    expect(new Set(known.map(({ reason }) => reason))).toEqual(new Set(unknown.map(({ reason }) => reason)));
  });

  it('does not show in the names that other services ask for: ids cannot be guessed and addresses are not given', async () => {
    const marta = await signUp(running);
    const { people } = await running.rooms.people.getPeople({ ids: [marta.id] });
    expect(JSON.stringify(people)).not.toContain(marta.email);
  });
});

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
    // Nor in what it costs: one look at a password each.
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

  it('does not show in the time of the answer', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => signUp(running)));
    const time = async (email: string) => {
      const started = performance.now();
      await wrongAt(email);
      return performance.now() - started;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    // In pairs and in turn, so that whatever else the machine does meets both alike.
    for (let i = 0; i < 24; i++) {
      known.push(await time(people[i % people.length]?.email ?? ''));
      unknown.push(await time(nobody()));
    }
    const median = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
    const ratio = median(unknown) / median(known);
    expect(ratio).toBeGreaterThan(0.67);
    expect(ratio).toBeLessThan(1.5);
  });

  it('does not show in the names that other services ask for: ids cannot be guessed and addresses are not given', async () => {
    const marta = await signUp(running);
    const { people } = await running.rooms.people.getPeople({ ids: [marta.id] });
    expect(JSON.stringify(people)).not.toContain(marta.email);
  });
});

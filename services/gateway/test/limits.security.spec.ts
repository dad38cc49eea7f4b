import { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { Clock } from '@conclave/platform';
import { holdClock } from '@conclave/testing';
import { now, openWorld, type World } from './support/world.js';

/** A gateway whose clock stands: a slow machine gives nothing back meanwhile. */
async function openHeld(scale: string): Promise<World> {
  const world = await openWorld({ RATE_LIMIT_SCALE: scale });
  holdClock(world.gateway.app.get(Clock));
  return world;
}

describe('limits', () => {
  let world: World;
  beforeAll(async () => {
    world = await openHeld('0.05');
  }, 60_000);
  afterAll(() => world.close());

  it('answer 429 with the time to wait, before the password is looked at', async () => {
    const body = { email: 'a@b.cc', password: 'guess' };
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await world.ask('POST', '/api/v1/session', { body })).status);
    expect(statuses).toEqual([503, 429, 429, 429, 429]);
    const answer = await world.ask('POST', '/api/v1/session', { body });
    expect(answer.json).toMatchObject({ reason: 'RATE_LIMITED', retryAfter: expect.any(Number) });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('do not believe a forwarded address, nor another spelling of the account', async () => {
    const body = { email: ' A@b.CC', password: 'guess' };
    const headers = { 'x-forwarded-for': '198.51.100.7' };
    expect((await world.ask('POST', '/api/v1/session', { body, headers })).status).toBe(429);
  });
});

describe('limits behind one address', () => {
  let world: World;
  beforeAll(async () => {
    world = await openHeld('1');
    const { createSession } = auth.SessionsService.method;
    world.services.on(createSession, ({ email, password }) => {
      if (password !== 'right') throw new DomainError('CREDENTIALS_WRONG');
      const account = { id: '01939000-0000-7000-8000-0000000000a1', email, displayName: 'A', createdAt: now() };
      return { account, sessionToken: `cnv_ses_${'a'.repeat(43)}` };
    });
    await world.services.settled();
  }, 60_000);
  afterAll(() => world.close());

  const signIn = async (email: string, password: string) =>
    (await world.ask('POST', '/api/v1/session', { body: { email, password } })).status;

  it('let nobody sign others out of signing in, however often they guess', async () => {
    const tries = 100;
    const guesses = new Map<number, number>();
    for (let at = 0; at < tries; at++) {
      const status = await signIn('victim@example.test', 'wrong');
      guesses.set(status, (guesses.get(status) ?? 0) + 1);
    }
    const colleagues = await Promise.all(Array.from({ length: 30 }, (_, at) => signIn(`p${at}@example.test`, 'right')));
    const kept = colleagues.filter((status) => status !== 200).length;
    process.stdout.write(`attack: signing colleagues out of signing in: ${tries} tries, ${kept} successes\n`);
    expect([kept, await signIn('victim@example.test', 'right')]).toEqual([0, 429]);
    expect(guesses.get(401)).toBe(20);
  });
});

describe('limits of requests', () => {
  let world: World;
  beforeAll(async () => {
    world = await openHeld('0.25');
    world.services.on(auth.AccountsService.method.getAccount, () => ({
      account: { id: '01939000-0000-7000-8000-0000000000a1', email: 'a@b.cc', displayName: 'A', createdAt: now() },
    }));
    await world.services.settled();
  }, 60_000);
  afterAll(() => world.close());

  it('count whoever has a session by it, whatever others ask from the same address', async () => {
    const marta = world.person();
    expect((await world.ask('GET', '/api/v1/me', { as: marta })).status).toBe(200);
    const flood = async () => (await world.ask('GET', '/api/v1/me')).status;
    const statuses: number[] = [];
    while (!statuses.includes(429)) statuses.push(...(await Promise.all(Array.from({ length: 100 }, flood))));
    // What is invented is nobody's session.
    const invented = { as: { ...marta, cookie: `cnv_ses_${'x'.repeat(43)}` } };
    const [refused, served] = [[] as number[], [] as number[]];
    for (let at = 0; at < 20; at++) {
      const [one, two] = await Promise.all([
        world.ask('GET', '/api/v1/me', invented),
        world.ask('GET', '/api/v1/me', { as: marta }),
        ...Array.from({ length: 20 }, flood),
      ]);
      refused.push(one.status);
      served.push(two.status);
    }
    expect(new Set(served)).toEqual(new Set([200]));
    expect(refused).toContain(429);
  });
});

import { openWorld, type World } from './support/world.js';

describe('limits', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ RATE_LIMIT_SCALE: '0.05' });
  }, 60_000);
  afterAll(() => world.close());

  it('answer 429 with the time to wait, before the password is looked at', async () => {
    const body = { email: 'a@b.cc', password: 'guess' };
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await world.ask('POST', '/api/v1/session', { body })).status);
    expect(statuses).toEqual([503, 503, 429, 429, 429]);
    const answer = await world.ask('POST', '/api/v1/session', { body });
    expect(answer.json).toMatchObject({ reason: 'RATE_LIMITED', retryAfter: expect.any(Number) });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('do not believe a forwarded address', async () => {
    const body = { email: 'a@b.cc', password: 'guess' };
    const headers = { 'x-forwarded-for': '198.51.100.7' };
    expect((await world.ask('POST', '/api/v1/session', { body, headers })).status).toBe(429);
  });
});

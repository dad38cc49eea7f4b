import { feedWith, runAuth, signUp, type RunningAuth } from './support/running-auth.js';
import { refusalOf } from './support/refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

const list = (request: { after?: string; limit: number }) => running.rooms.feed.listEvents(request);

describe('ListEvents', () => {
  it('gives every event once, oldest first, page by page', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => signUp(running)));
    for (const { as } of people) await running.gateway.sessions.endSession({}, as);
    await feedWith(running, (told) => told.length === people.length);
    const seen: string[] = [];
    let after = '';
    for (;;) {
      const { events, next } = await list({ after, limit: 2 });
      if (events.length === 0) {
        expect(next).toBe(after);
        break;
      }
      seen.push(...events.map(({ event }) => (event.case === 'sessionRevoked' ? event.value.userId : '')));
      after = next;
    }
    expect(seen).toEqual(people.map(({ id }) => id));
  });

  it.each([
    ['limit', { limit: 501 }],
    ['after', { after: 'not a cursor', limit: 1 }],
    ['after', { after: 'x'.repeat(10_000), limit: 1 }],
  ])('refuses a %s that does not fit', async (field, request) => {
    expect(await refusalOf(list(request))).toMatchObject({ reason: 'INVALID_ARGUMENT', details: { field } });
  });
});

import type { OutboxFeed } from '@conclave/persistence';
import { ListEvents } from './list-events.js';

const feed = { list: () => Promise.resolve({ events: [], next: 'here' }) } as unknown as OutboxFeed;

describe('ListEvents', () => {
  it.each([1, 500])('takes a limit of %d', async (limit) => {
    await expect(new ListEvents(feed).execute({ after: 'here', limit })).resolves.toEqual({ events: [], next: 'here' });
  });

  it.each([0, 501, 2 ** 32 - 1])('refuses a limit of %d', async (limit) => {
    await expect(new ListEvents(feed).execute({ after: '', limit })).rejects.toMatchObject({
      reason: 'INVALID_ARGUMENT',
      details: { field: 'limit' },
    });
  });
});

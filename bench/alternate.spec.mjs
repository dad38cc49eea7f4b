import { expect, it } from '@jest/globals';
import { alternate, median, reaches } from './alternate.mjs';

it('rounds alternate, after one of each to warm up', async () => {
  const order = [];
  const side = (label, figure) => ({ label, round: () => (order.push(label), figure) });
  const result = await alternate(
    { name: 'n', unit: 'MB/s', ours: side('A', 30), peer: side('B', 10), goal: { atLeast: 3 } },
    5,
  );
  expect(order.join('')).toBe('AB'.repeat(6));
  expect(result).toMatchObject({ ratio: 3, verdict: 'pass', medians: { ours: 30, peer: 10 } });
  expect(result.rounds.ours).toHaveLength(5);
});

it('fewer than five rounds say nothing', async () => {
  const side = { label: 'x', round: () => 1 };
  await expect(alternate({ name: 'n', unit: 's', ours: side, peer: side, goal: { atMost: 1 } }, 4)).rejects.toThrow(
    'at least 5',
  );
});

it('one slow round does not move the median', () => {
  expect(median([5, 1, 100, 4, 6])).toBe(5);
  expect(median([1, 2, 3, 4])).toBe(2.5);
});

it('a goal has a direction', () => {
  expect(reaches({ atLeast: 2 }, 1.99)).toBe(false);
  expect(reaches({ atMost: 1.05 }, 1.01)).toBe(true);
});

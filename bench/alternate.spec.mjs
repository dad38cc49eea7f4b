import { expect, it } from '@jest/globals';
import { alternate, judge, median, reaches, rotate } from './alternate.mjs';

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

it('sides in rotation serve every ratio and bound, and a cold one is not warmed up', async () => {
  const order = [];
  const side = (label, figures, cold) => ({ label, cold, round: async () => (order.push(label), figures) });
  const sides = {
    a: side('A', { speed: 30, cost: 2 }),
    b: side('B', { speed: 10, cost: 4 }),
    c: side('C', { speed: 1 }, true),
  };
  const figures = await rotate(sides, 5);
  expect(order.join('')).toBe(`AB${'ABC'.repeat(5)}`);
  const ratio = { name: 'n', unit: 'MB/s', figure: 'speed', ours: 'a', peer: 'b', goal: { atLeast: 3 } };
  expect(judge(ratio, sides, figures)).toMatchObject({ ratio: 3, verdict: 'pass', medians: { ours: 30, peer: 10 } });
  const bound = { name: 'n', unit: 's', figure: 'cost', ours: 'a', goal: { atMost: 1 } };
  expect(judge(bound, sides, figures)).toMatchObject({ ratio: 2, verdict: 'short', medians: { ours: 2 } });
  const made = { name: 'n', unit: '', of: ({ a, b }) => a.cost.map((cost, at) => cost + b.cost[at]), ours: 'a' };
  expect(judge({ ...made, goal: { atMost: 6 } }, sides, figures)).toMatchObject({ ratio: 6, verdict: 'pass' });
});

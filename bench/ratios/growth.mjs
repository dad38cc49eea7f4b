/**
 * Growth: processor seconds of gateway and files for a GiB, from files of 16 MiB to one of 8 GiB, and from one upload at a time to 64.
 * Judged is the exponent: what a load of n times the bytes costs is n to that power (least squares on logarithms).
 */
import { onDataWorld } from '../data-world.mjs';
import { costOf, GIBIBYTE, MEBIBYTE } from '../measure.mjs';

/** Bytes of a file, how many one after another, and how many at once. */
const loads = {
  '16 MiB': { size: 16 * MEBIBYTE, count: 32, atOnce: 1 },
  '128 MiB': { size: 128 * MEBIBYTE, count: 4, atOnce: 1 },
  '1 GiB': { size: GIBIBYTE, count: 1, atOnce: 1 },
  '8 GiB': { size: 8 * GIBIBYTE, count: 1, atOnce: 1, cold: true },
  '8 at once': { size: 16 * MEBIBYTE, count: 32, atOnce: 8 },
  '64 at once': { size: 16 * MEBIBYTE, count: 64, atOnce: 64 },
};
const bySize = ['16 MiB', '128 MiB', '1 GiB', '8 GiB'];
const byNumber = ['16 MiB', '8 at once', '64 at once'];

/** The exponent of y in x, of points. */
function exponent(points) {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)]);
  const [meanX, meanY] = [0, 1].map((at) => logs.reduce((sum, log) => sum + log[at], 0) / logs.length);
  const above = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return above / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/** Per round: what a file of that size, or so many at once, costs. */
const exponents = (names, scale) => (figures) =>
  figures[names[0]].cost.map((_, round) =>
    exponent(names.map((name) => [scale(loads[name]), figures[name].cost[round] * scale(loads[name])])),
  );

const prepare = () =>
  onDataWorld(async (world) => {
    const pair = await world.pair();
    const sides = {};
    for (const [name, { size, count, atOnce, cold }] of Object.entries(loads)) {
      let turn = 0;
      let last;
      const round = async () => {
        // One of 8 GiB takes half a minute: it is measured in every other round, and counts for the next as well.
        if (cold && turn++ % 2 === 1) return last;
        const ids = [];
        let next = 0;
        const stream = async () => {
          while (next < count) ids.push((await pair.open(size, next++).sent).id);
        };
        const { processorSeconds } = await costOf(pair.pids, () => Promise.all(Array.from({ length: atOnce }, stream)));
        for (const id of ids) await pair.remove(id);
        last = { cost: (processorSeconds * GIBIBYTE) / (size * count) };
        return last;
      };
      sides[name] = { label: name, cold, round };
    }
    const size = { name: 'exponent of the cost in the size of a file', of: exponents(bySize, (load) => load.size) };
    const number = { name: 'exponent of the cost in uploads at once', of: exponents(byNumber, (load) => load.atOnce) };
    const within = (one, ours) => [
      { ...one, ours, unit: '', goal: { atMost: 1.05 } },
      { ...one, ours, unit: '', goal: { atLeast: 0.95 } },
    ];
    const costs = Object.keys(loads).map((ours) => ({
      ...{ name: `a GiB as ${ours}`, unit: 'cpu-s/GiB', figure: 'cost', ours },
      goal: { atMost: 2.4 },
    }));
    return {
      facts: { loads },
      rounds: 5,
      sides,
      judged: [...costs, ...within(size, '1 GiB'), ...within(number, '64 at once')],
    };
  });

export default { id: 'growth', title: 'Cost by size and by uploads at once', prepare };

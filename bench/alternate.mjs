/**
 * A side of a ratio: `round` does one round of work and returns its figure (the same unit on both sides).
 * @typedef {{ label: string, round: () => Promise<number> | number }} Side
 *
 * One ratio, ours to the peer's, measured in one run.
 * @typedef {object} Ratio
 * @property {string} name what is compared, for example `one worker to one stream`
 * @property {string} unit of a round's figure
 * @property {Side} ours
 * @property {Side} peer
 * @property {{ atLeast: number } | { atMost: number }} goal for ours / peer
 */

/** Middle of the figures; of two middle ones, the mean. */
export function median(figures) {
  const sorted = [...figures].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Whether a ratio reaches its goal. */
export function reaches(goal, ratio) {
  return 'atLeast' in goal ? ratio >= goal.atLeast : ratio <= goal.atMost;
}

/**
 * Measures in alternating rounds (ours, peer, ours, peer …), so that a slow minute of a shared machine slows both. Each side
 * has one round to warm up, which does not count.
 * @param {Ratio} ratio
 * @param {number} rounds
 */
export async function alternate({ name, unit, ours, peer, goal }, rounds) {
  if (rounds < 5) throw new RangeError('a ratio takes at least 5 rounds');
  const figures = { ours: [], peer: [] };
  await ours.round();
  await peer.round();
  for (let round = 0; round < rounds; round += 1) {
    figures.ours.push(await ours.round());
    figures.peer.push(await peer.round());
  }
  const medians = { ours: median(figures.ours), peer: median(figures.peer) };
  const ratio = medians.ours / medians.peer;
  const perRound = figures.ours.map((figure, at) => figure / figures.peer[at]);
  return {
    name,
    unit,
    ours: ours.label,
    peer: peer.label,
    goal,
    rounds: figures,
    medians,
    ratio,
    spread: { lowest: Math.min(...perRound), highest: Math.max(...perRound) },
    verdict: reaches(goal, ratio) ? 'pass' : 'short',
  };
}

/**
 * A side that several ratios are made of: `round` does one round of work and returns its figures by name.
 * Without a round to warm up where it says `cold`.
 * @typedef {{ label: string, cold?: boolean, round: () => Promise<Record<string, number>> }} ManySided
 *
 * A ratio of one figure of two sides; or, without `peer`, a bound that the figure of one is held to. `of` makes the figure, a round
 * each, of all that was measured.
 * @typedef {object} Judged
 * @property {string} name
 * @property {string} unit
 * @property {string} [figure]
 * @property {(figures: Record<string, Record<string, number[]>>) => number[]} [of]
 * @property {string} ours name of a side
 * @property {string} [peer] name of a side
 * @property {{ atLeast: number } | { atMost: number }} goal
 */

/**
 * Measures any number of sides in rotation (A B C A B C …), so that one round of work serves every ratio and bound it is part of.
 * @param {Record<string, ManySided>} sides
 * @param {number} rounds
 * @returns {Promise<Record<string, Record<string, number[]>>>} figures by side and name, in order
 */
export async function rotate(sides, rounds) {
  if (rounds < 5) throw new RangeError('a ratio takes at least 5 rounds');
  const figures = Object.fromEntries(Object.keys(sides).map((side) => [side, {}]));
  for (const side of Object.values(sides)) if (!side.cold) await side.round();
  for (let round = 0; round < rounds; round += 1)
    for (const [name, side] of Object.entries(sides))
      for (const [figure, value] of Object.entries(await side.round())) (figures[name][figure] ??= []).push(value);
  return figures;
}

/** What the figures say of one ratio or bound. */
export function judge({ name, unit, figure, of, ours, peer, goal }, sides, figures) {
  const own = of ? of(figures) : figures[ours][figure];
  const others = peer === undefined ? undefined : figures[peer][figure];
  const medians = { ours: median(own), ...(others && { peer: median(others) }) };
  const perRound = own.map((one, at) => (others ? one / others[at] : one));
  const ratio = others ? medians.ours / medians.peer : medians.ours;
  return {
    name,
    unit,
    ours: sides[ours].label,
    ...(peer !== undefined && { peer: sides[peer].label }),
    goal,
    rounds: { ours: own, ...(others && { peer: others }) },
    medians,
    ratio,
    spread: { lowest: Math.min(...perRound), highest: Math.max(...perRound) },
    verdict: reaches(goal, ratio) ? 'pass' : 'short',
  };
}

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

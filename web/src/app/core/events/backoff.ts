const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** How long to wait before try `n` (from 0): doubling, capped, and spread so that a restarted server is not met by everyone at once. */
export function backoffMs(n: number, random: () => number = Math.random, longestMs = LONGEST_MS): number {
  const ceiling = Math.min(longestMs, FIRST_MS * 2 ** n);
  return Math.round(ceiling / 2 + random() * (ceiling / 2));
}

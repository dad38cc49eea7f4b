/** Who stands where among the others. Order is by arrival and stays, whatever else opens or closes. */
export function arrange(previous: readonly string[], present: readonly string[]): readonly string[] {
  const here = new Set(present);
  const kept = previous.filter((id) => here.has(id));
  const known = new Set(kept);
  return [...kept, ...present.filter((id) => !known.has(id))];
}

/** Oneself closes the first page, where one stands among the others at all. */
export function withSelf(others: readonly string[], self: string, pageSize: number): readonly string[] {
  const at = Math.min(others.length, Math.max(0, pageSize - 1));
  return [...others.slice(0, at), self, ...others.slice(at)];
}

/**
 * Brings a speaker from a later page to the first: only this moves anybody, and the longest silent one gives way. `places` is how
 * many others the first page shows; `lastSpoke` says when each was heard last, 0 for never.
 */
export function promote(
  order: readonly string[],
  speaker: string,
  places: number,
  lastSpoke: (id: string) => number,
): readonly string[] {
  const from = order.indexOf(speaker);
  if (from < places) return order;
  // Of equally silent ones the last gives way, so that the top left stays calm.
  const quietest = order
    .slice(0, places)
    .reduceRight<string | null>((best, id) => (best === null || lastSpoke(id) < lastSpoke(best) ? id : best), null);
  if (quietest === null) return order;
  const to = order.indexOf(quietest);
  return order.map((id, index) => (index === to ? speaker : index === from ? quietest : id));
}

/**
 * Who stands where. Order is by arrival and stays; one's own tile closes the first page. Only one thing moves anybody: a person
 * who speaks on a page that is not shown takes the place of the first page's longest silent one.
 */
export function arrange(
  previous: readonly string[],
  present: readonly string[],
  self: string,
  pageSize: number,
): readonly string[] {
  const here = new Set(present);
  const kept = previous.filter((id) => here.has(id) && id !== self);
  const known = new Set(kept);
  const others = [...kept, ...present.filter((id) => id !== self && !known.has(id))];
  if (!here.has(self)) return others;
  const at = Math.min(others.length, Math.max(0, pageSize - 1));
  return [...others.slice(0, at), self, ...others.slice(at)];
}

/** Brings a speaker from a later page to the first. `lastSpoke` says when each was heard last; 0 for never. */
export function promote(
  order: readonly string[],
  speaker: string,
  self: string,
  pageSize: number,
  lastSpoke: (id: string) => number,
): readonly string[] {
  const from = order.indexOf(speaker);
  if (from < pageSize) return order;
  const first = order.slice(0, pageSize).filter((id) => id !== self);
  // Of equally silent ones the last gives way, so that the top left stays calm.
  const quietest = first.reduceRight<string | null>(
    (best, id) => (best === null || lastSpoke(id) < lastSpoke(best) ? id : best),
    null,
  );
  if (quietest === null) return order;
  const to = order.indexOf(quietest);
  return order.map((id, index) => (index === to ? speaker : index === from ? quietest : id));
}

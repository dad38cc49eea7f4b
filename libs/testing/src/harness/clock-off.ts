const hourMs = 3_600_000;

/** Environment of a process whose machine's clock is so many hours ahead, from its first line on. What measures spans is not touched. */
export function clockOff(hours: number): { readonly NODE_OPTIONS: string } {
  const shifted = `const now = Date.now, Old = Date; globalThis.Date = class extends Old {
    constructor(...given) { super(...(given.length ? given : [now() + ${hours * hourMs}])); }
    static now() { return now() + ${hours * hourMs}; } };`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(shifted)}` };
}

/** What is kept on this device under a name; null where nothing is, or where the browser forbids storage. */
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Facts that were kept as JSON, each to be looked at before it is believed; none where what is kept is something else. */
export function keptFacts(name: string): Readonly<Record<string, unknown>> {
  try {
    const facts: unknown = JSON.parse(kept(name) ?? '{}');
    return typeof facts === 'object' && facts !== null ? (facts as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Keeps it for the next time. A browser that forbids storage forgets with the page; answers whether it did not. */
export function keep(name: string, text: string): boolean {
  try {
    localStorage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}

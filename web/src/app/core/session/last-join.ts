const KEY = 'conclave.last-join';

/**
 * The admission of a page that is going away, for the page that comes after it in this tab: a reload is no other device. It is
 * written when the page goes and taken once, so that a tab that is duplicated meanwhile finds none.
 */
export function leaveLastJoin(slug: string, joinId: string): void {
  try {
    sessionStorage.setItem(KEY, `${slug} ${joinId}`);
  } catch {
    // Then the door takes this tab for another one for a moment.
  }
}

/** Undefined where this tab was not in that room just now. */
export function takeLastJoin(slug: string): string | undefined {
  try {
    const [room, joinId] = (sessionStorage.getItem(KEY) ?? '').split(' ');
    sessionStorage.removeItem(KEY);
    return room === slug ? joinId : undefined;
  } catch {
    return undefined;
  }
}

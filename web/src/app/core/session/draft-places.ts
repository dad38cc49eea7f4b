const PREFIX = 'conclave.draft ';

/** Where a draft of a person lies: in this tab, and nobody else's. */
export const draftPlace = (userId: string, name: string): string => `${PREFIX}${userId} ${name}`;

/** Takes away what lies there, but for one person's. */
export function clearDrafts(but?: string): void {
  try {
    for (const place of Object.keys(sessionStorage))
      if (place.startsWith(PREFIX) && (but === undefined || !place.startsWith(draftPlace(but, ''))))
        sessionStorage.removeItem(place);
  } catch {
    // Where nothing can be kept, there is nothing to clear.
  }
}

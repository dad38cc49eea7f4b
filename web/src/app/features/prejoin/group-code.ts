/**
 * Groups an access code by four while it is typed, as it was read aloud: k7fm-2p9x-wq4d. The server ignores case and grouping;
 * this only helps the eye. While something is being deleted the text is left alone, so that the cursor is not fought.
 */
export function groupCode(typed: string, before: string): string {
  if (typed.length < before.length) return typed;
  const letters = [...typed.normalize('NFKC').toLowerCase()].filter((c) => /[\p{L}\p{N}]/u.test(c)).slice(0, 64);
  return (letters.join('').match(/.{1,4}/gu) ?? []).join('-');
}

/**
 * Groups an access code by four while it is typed, as it was read aloud: k7fm-2p9x-wq4d. The server ignores case and grouping;
 * this only helps the eye. While something is being deleted the text is left alone, so that the cursor is not fought.
 */
export function groupCode(typed: string, before: string): string {
  if (typed.length < before.length) return typed;
  return (
    lettersOf(typed)
      .slice(0, 64)
      .join('')
      .match(/.{1,4}/gu) ?? []
  ).join('-');
}

/** Where the cursor stands in a grouped code: behind as many letters as stood before it when it was typed. */
export function caretIn(grouped: string, typedBefore: string): number {
  let left = lettersOf(typedBefore).length;
  if (left === 0) return 0;
  let at = 0;
  for (const letter of grouped) {
    at += letter.length;
    if (letter !== '-' && --left === 0) return at;
  }
  return at;
}

const lettersOf = (text: string): string[] =>
  [...text.normalize('NFKC').toLowerCase()].filter((letter) => /[\p{L}\p{N}]/u.test(letter));

/** Shapes that never belong in a line; the last line of defence behind the allow-list of fields. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]+-----[\s\S]*?(-----END [A-Z ]+-----|$)/g, '[key]'],
  [/\bcnv_[A-Za-z0-9_-]+/g, '[token]'],
  [/\beyJ[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){0,4}/g, '[token]'],
  [/\bS[AUNOCX][A-Z2-7]{40,}\b/g, '[seed]'],
  [
    /\b((?:access|refresh|id|join|personal)?_?-?(?:token|secret|password|passwd|apikey|api_key|signature|code))(["']?\s*[=:]\s*["']?)[^\s"'&;,]+/gi,
    '$1$2[withheld]',
  ],
  [/\b(authorization|proxy-authorization|cookie|set-cookie)(["']?\s*[:=]\s*).*/gi, '$1$2[withheld]'],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+/gi, '$1 [withheld]'],
  [/__Host-[^=\s]+=[^;\s]+/g, '[cookie]'],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^/\s@]*@/gi, '$1[withheld]@'],
  [/[^\s@<>"'(),:;]+@[^\s@<>"'(),:;]+/g, '[address]'],
  [/(https?:\/\/[^\s?#]+)[?#]\S*/gi, '$1?[withheld]'],
  [/[A-Za-z0-9+/_-]{40,}={0,2}/g, '[opaque]'],
];

/** Controls, line breaks, and what turns the direction of text (category Cf). */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** Takes out everything that looks like a credential or an address of a person, and what could forge a line. */
export function scrub(text: string, maxLength = 300): string {
  let clean = text;
  for (const [shape, instead] of SHAPES) clean = clean.replace(shape, instead);
  return clean.replace(CONTROL, ' ').slice(0, maxLength);
}

/** Whether a text holds something that `scrub` would take out. */
export const looksSensitive = (text: string): boolean => scrub(text, Infinity) !== text;

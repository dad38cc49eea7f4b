/** A piece of a text: words, or a link. */
export interface TextPart {
  readonly text: string;
  readonly href: string | null;
}

const START = /(?<![\p{ASCII_Hex_Digit}a-z0-9_])https?:\/\//giu;
/**
 * What no address holds as people write it: space and what cannot be seen, quotation marks that come in pairs, and the punctuation of
 * Chinese, Japanese and Korean, which is written without a space around it.
 */
const END = /[\s\p{Z}\p{C}<>"`{}|\\^“”„‟«»‹›‘‚、。，．！？；：（）［］｛｝「」『』【】〔〕〈〉《》〖〗｡｢｣､・؟،؛।॥]/u;
const CLOSING: Readonly<Record<string, string>> = { ')': '(', ']': '[' };
/** Ends a sentence rather than an address. Openers as well: nothing follows them. */
const TRAILING = /[.,;:!?…'’*_~([—–]+$/u;

/** Finds the links in a text. Only http and https, only what the URL parser accepts; the shown text is the address itself. */
export function linkParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const { index, 0: scheme } of text.matchAll(START)) {
    if (index < at) continue;
    const shown = addressAt(text, index, scheme.length);
    const href = hrefOf(shown);
    if (href === null) continue;
    if (index > at) parts.push({ text: text.slice(at, index), href: null });
    parts.push({ text: shown, href });
    at = index + shown.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), href: null });
  return parts;
}

/** From its scheme to where it ends: a bracket that it did not open is not its own. */
function addressAt(text: string, from: number, schemeLength: number): string {
  const open: string[] = [];
  let end = from + schemeLength;
  for (const char of text.slice(end)) {
    if (END.test(char)) break;
    const opener = CLOSING[char];
    if (opener && open.pop() !== opener) break;
    if (char === '(' || char === '[') open.push(char);
    end += char.length;
  }
  return text.slice(from, end).replace(TRAILING, '');
}

/** Null for what is no address, and for user@host, which only serves to deceive. */
function hrefOf(shown: string): string | null {
  try {
    const { hostname, username, password, href } = new URL(shown);
    const named = /[\p{L}\p{N}]/u.test(hostname);
    return named && !username && !password ? href : null;
  } catch {
    return null;
  }
}

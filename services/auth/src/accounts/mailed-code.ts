import { randomInt } from 'node:crypto';

/** Digits of a code. */
const digits = 6;

/** A code that is typed from a message: six digits, each as likely as any other. */
export const newMailedCode = (): string => String(randomInt(10 ** digits)).padStart(digits, '0');

/** A code as somebody typed it, in whatever digits and with whatever spaces; empty where it can be none. */
export function readMailedCode(typed: string): string {
  const plain = typed
    .normalize('NFKC')
    .replace(/[\s\p{Pd}]/gu, '')
    .replace(/\p{Nd}/gu, latinDigit);
  return /^[0-9]{6}$/.test(plain) ? plain : '';
}

/** Digits of every script stand in runs of ten: whoever reads Arabic may type them in Arabic. */
function latinDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  if (code < 0x80) return digit;
  let zero = code;
  while (zero > code - 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String(code - zero);
}

import { commonPasswords } from '@conclave/platform';

/** A code that is made of fewer parts than this would be among the first that somebody tries. */
const fewestParts = 6;
const fewestCharacters = 4;

/** Keys that lie side by side, as they are on the keyboards of most people; the alphabet and the digits are rows as well. */
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
];
const columns = ['1qaz', '2wsx', '3edc', '4rfv', '5tgb', '6yhn', '7ujm', '147', '258', '369', '159', '357'];
const sequences = [...rows, ...columns].flatMap((row) => [row, [...row].reverse().join('')]);

const day = '(0[1-9]|[12][0-9]|3[01])';
const month = '(0[1-9]|1[0-2])';
const year = '(19[0-9]{2}|20[0-9]{2})';
const date = new RegExp(
  `^(${year}|${day}${month}|${month}${day}|${year}${month}${day}|${day}${month}${year}|${month}${day}${year}|${day}${month}[0-9]{2}|[0-9]{2}${month}${day})$`,
);
const months =
  /^(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)$/;

const longestPart = 24;

/**
 * Whether somebody would try this code early: a common password, a run, a repetition, a date, a row of keys, or little beside them.
 * Both spellings count, for `password` and `passw0rd` are one code.
 *
 * @param spellings the code in lower case without what separates groups: as typed, and with its look-alikes resolved
 */
export const isWeakCode = (spellings: readonly string[]): boolean =>
  spellings.some(
    (code) => new Set(code).size < fewestCharacters || /^[0-9]{1,11}$/.test(code) || partsOf(code) < fewestParts,
  );

/** Of how many parts a code is made at least, where everything that is guessed as one is one part. */
function partsOf(code: string): number {
  const fewest = [0];
  for (let end = 1; end <= code.length; end++) {
    let parts = (fewest[end - 1] ?? 0) + 1;
    for (let start = Math.max(0, end - longestPart); start <= end - 3; start++)
      if (isOnePart(code, start, end)) parts = Math.min(parts, (fewest[start] ?? 0) + 1);
    fewest[end] = parts;
  }
  return fewest[code.length] ?? 0;
}

function isOnePart(code: string, start: number, end: number): boolean {
  const part = code.slice(start, end);
  return (
    code.indexOf(part) < start ||
    sequences.some((sequence) => sequence.includes(part)) ||
    new Set(part).size === 1 ||
    date.test(part) ||
    months.test(part) ||
    commonSpellings().has(part)
  );
}

let spellings: ReadonlySet<string> | undefined;

/** The common passwords as they are, and as codes mean them. */
function commonSpellings(): ReadonlySet<string> {
  spellings ??= new Set([...commonPasswords()].flatMap((password) => [password, withoutLookAlikes(password)]));
  return spellings;
}

// Crockford's alphabet has none of these; people read them as what they look like.
const lookAlikes: Readonly<Record<string, string>> = { o: '0', i: '1', l: '1', u: 'v' };

/** Letters that are read as digits, and `u`, become what a code means by them. */
export const withoutLookAlikes = (code: string): string =>
  [...code].map((character) => lookAlikes[character] ?? character).join('');
